package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.http.LeaseDesk;
import dev.toygres.agent.process.LeasePage;
import dev.toygres.agent.process.Priority;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HttpAgent;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.lease.Electorate.Elector;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.agentapi.lease.VoucherRequest.Voucher;
import dev.toygres.agentapi.lease.Witness;
import dev.toygres.agentapi.tls.Identity;
import dev.toygres.agentapi.tls.Tls;
import dev.toygres.model.HostId;
import dev.toygres.model.MemberId;
import dev.toygres.model.lease.LeaseTimes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of all members of this host (S2-S4): a thread of its own, before all others, tells the
 * guards what is held; while the server is silent, the electors' agents are asked for vouchers.
 * While it is not, they are asked now and then whether they would give one: the way to them is
 * needed on the one day that nobody is there to tell that it is closed.
 */
public final class Leases implements LeaseDesk, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final long TURN = Duration.ofMillis(50).toNanos();
    private static final Duration BETWEEN_REHEARSALS = Duration.ofSeconds(5);
    private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 210, 22, 47};

    private final Members members;
    private final SSLContext tls;
    private final BootClock clock = BootClock.system();
    private final String bootId = BootClock.bootId();
    private final Path beatFile;
    private final LeasePage beat;
    private final Map<Address, HttpAgent> peers = new ConcurrentHashMap<>();
    private final Map<Question, Long> askedAt = new ConcurrentHashMap<>();
    private final Set<Question> asking = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread turns;
    private volatile boolean ending;

    /** A rehearsal that is not answered must not hold up what follows in earnest. */
    private record Question(Elector elector, boolean rehearsal) {}

    /**
     * @param beat where we show that we are awake
     */
    public Leases(Members members, Identity identity, String authority, Path beat) {
        this.members = members;
        this.tls = Tls.context(identity, authority);
        this.beatFile = beat;
        this.beat = LeasePage.make(beat);
        turns = Thread.ofPlatform().name("leases").daemon().start(this::run);
    }

    private void run() {
        if (!Priority.raiseOwn()) {
            LOG.warn("leases are kept without raised priority: that needs root or CAP_SYS_NICE");
        }
        for (; !ending; LockSupport.parkNanos(TURN)) {
            try {
                beat.beat(clock.now());
                each(members.all(), this::tend);
            } catch (RuntimeException fault) {
                LOG.error("the leases stumbled", fault);
            }
        }
    }

    /** The trouble of one member must not cost the others of its host their leases. */
    static <T> void each(Collection<T> all, Consumer<T> turn) {
        for (T one : all) {
            try {
                turn.accept(one);
            } catch (RuntimeException fault) {
                LOG.error("the lease of {} is not tended", one, fault);
            }
        }
    }

    private void tend(Member member) {
        var lease = member.lease();
        lease.tend();
        var rehearsal = !lease.isServerSilent();
        lease.electors().forEach(elector -> ask(member, new Question(elector, rehearsal)));
    }

    /** One question at a time to each, and not more often than the server would renew. */
    private void ask(Member member, Question question) {
        var request = member.lease().request(question.elector(), question.rehearsal());
        var pause =
                question.rehearsal() && member.lease().isHeard(question.elector())
                        ? BETWEEN_REHEARSALS
                        : LeaseTimes.ofMillis(request.ttlMs()).renewal();
        var last = askedAt.getOrDefault(question, 0L);
        if (clock.now() - last > pause.toNanos() && asking.add(question)) {
            askedAt.put(question, clock.now());
            threads.execute(
                    () -> {
                        try {
                            ask(member.lease(), question.elector(), request);
                        } finally {
                            asking.remove(question);
                        }
                    });
        }
    }

    /** The voucher counts from before the question was sent. */
    private void ask(MemberLease lease, Elector elector, VoucherRequest request) {
        var stamp = clock.now();
        try {
            var patience = LeaseTimes.ofMillis(request.ttlMs()).silence();
            var answer = peer(elector).vouch(request, patience);
            if (!answer.given()) {
                lease.unheard(elector, answer.words());
            } else if (request.rehearsal()) {
                lease.heard(elector);
            } else {
                lease.vouched(elector, request, stamp);
            }
        } catch (AgentUnreachable | AgentRefusal silent) {
            lease.unheard(elector, String.valueOf(silent.getMessage()));
        }
    }

    private HttpAgent peer(Elector elector) {
        return peers.computeIfAbsent(elector.agent(), address -> new HttpAgent(address, tls));
    }

    @Override
    public LeaseStanding round(LeaseRound round) {
        var now = clock.now();
        if (round.bootId().equals(bootId) && round.stampNs() <= now) {
            for (var grant : round.grants()) {
                members.find(grant.memberId()).ifPresent(one -> take(one, grant, round.stampNs()));
            }
        }
        return new LeaseStanding(
                bootId,
                clock.now(),
                members.all().stream().flatMap(one -> standing(one, MemberLease::holding)).toList(),
                members.all().stream()
                        .flatMap(one -> standing(one, MemberLease::promise))
                        .toList());
    }

    private static void take(Member member, LeaseRound.Grant grant, long stamp) {
        try {
            member.lease().granted(grant.term(), stamp);
        } catch (RuntimeException fault) {
            LOG.error("the grant for {} was not taken", member.id, fault);
        }
    }

    private static <T> Stream<T> standing(Member member, Function<MemberLease, Optional<T>> ask) {
        try {
            return ask.apply(member.lease()).stream();
        } catch (RuntimeException fault) {
            LOG.error("{} does not say how its lease stands", member.id, fault);
            return Stream.of();
        }
    }

    @Override
    public Voucher vouch(VoucherRequest asked, HostId asker) {
        return members.find(asked.elector())
                .map(one -> one.lease().vouch(asked, asker))
                .orElseGet(() -> new Voucher(false, asked.elector() + " is not known here"));
    }

    /** A postmaster that lives answers a request for TLS before it knows who asks. */
    @Override
    public Witness witness(MemberId replica, Duration timeout) {
        var primary =
                members.find(replica)
                        .flatMap(Member::memory)
                        .flatMap(Memory::upstream)
                        .map(Following::address);
        if (primary.isEmpty()) {
            return new Witness(false, replica + " follows nobody here");
        }
        return hears(primary.get(), timeout)
                .map(trouble -> new Witness(false, primary.get() + ": " + trouble))
                .orElseGet(() -> new Witness(true, primary.get() + " answers"));
    }

    private static Optional<String> hears(Address primary, Duration timeout) {
        var millis = Math.max(1, (int) timeout.toMillis());
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(primary.host(), primary.port()), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(SSL_REQUEST);
            return socket.getInputStream().read() < 0
                    ? Optional.of("closed without an answer")
                    : Optional.empty();
        } catch (IOException trouble) {
            return Optional.of(String.valueOf(trouble.getMessage()));
        }
    }

    @Override
    public void close() {
        ending = true;
        LockSupport.unpark(turns);
        try {
            turns.join(Duration.ofSeconds(2));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        peers.values().forEach(HttpAgent::close);
        beat.close();
        Durable.delete(beatFile);
    }
}
