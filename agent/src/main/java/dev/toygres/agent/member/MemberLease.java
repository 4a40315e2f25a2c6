package dev.toygres.agent.member;

import dev.toygres.agent.lease.Lease;
import dev.toygres.agent.lease.Promises;
import dev.toygres.agent.member.Memory.Desired;
import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Guard;
import dev.toygres.agent.process.LeasePage;
import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.HostStatus.Unheard;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.agentapi.lease.Electorate.Elector;
import dev.toygres.agentapi.lease.LeaseStanding.Holding;
import dev.toygres.agentapi.lease.LeaseStanding.Promise;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.agentapi.lease.VoucherRequest.Voucher;
import dev.toygres.model.HostId;
import dev.toygres.model.MemberId;
import dev.toygres.model.lease.LeaseTimes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease of one member (S2-S4): as a primary, what it holds and what its guard enforces; as a
 * replica, what it has promised. Needs nobody's lock but its own: an order may hold the member's
 * for minutes, and a lease is about tenths of a second.
 */
final class MemberLease {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLease.class);

    /** A grant comes twice a second, once the server knows the term. */
    private static final Duration NEXT_GRANT = Duration.ofSeconds(5);

    private static final Duration ENFORCED = Duration.ofSeconds(2);

    /** A guard that has not looked up so long after its deadline never will: it is frozen. */
    private static final long FROZEN_GUARD = Duration.ofMillis(50).toNanos();

    private final Member member;
    private final Guard guard;
    private final BootClock clock;
    private final Lease lease = new Lease();
    private final Map<MemberId, String> unheard = new ConcurrentHashMap<>();
    private volatile Optional<Promises> promises = Optional.empty();
    private Optional<LeasePage> page = Optional.empty();
    private long pageOf;

    MemberLease(Member member, Guard guard, BootClock clock) {
        this.member = member;
        this.guard = guard;
        this.clock = clock;
        if (java.nio.file.Files.exists(member.home.promises())) {
            var ignored = promises();
        }
    }

    // ---- as primary ----

    /**
     * The server's word, for a challenge of that time. In another term than ours it says nothing:
     * taken for the newest, it would stand in the way of those that do.
     */
    void granted(long term, long stamp) {
        if (member.memory().filter(known -> known.term() == term).isPresent()) {
            lease.granted(term, stamp);
            tend();
        }
    }

    /** That elector's word, asked for at that time. */
    void vouched(Elector elector, VoucherRequest asked, long stamp) {
        lease.vouched(elector.memberId(), asked.term(), stamp, asked.ttlMs());
        heard(elector);
        tend();
    }

    /** That elector would vouch. */
    void heard(Elector elector) {
        unheard.remove(elector.memberId());
    }

    /** That elector would not vouch, or cannot be asked. */
    void unheard(Elector elector, String why) {
        if (unheard.put(elector.memberId(), why) == null) {
            LOG.warn("{} has no voucher of {}: {}", member.id, elector.memberId(), why);
        }
    }

    boolean isHeard(Elector elector) {
        return !unheard.containsKey(elector.memberId());
    }

    /** Of its electors those on whom it could not live if the server fell silent now. */
    List<Unheard> unheard() {
        return electors().stream()
                .map(Elector::memberId)
                .filter(unheard::containsKey)
                .map(id -> new Unheard(id.value(), unheard.getOrDefault(id, "")))
                .toList();
    }

    /** When the guard is to end it; 0 if it needs no lease, long past if it never had one. */
    long fenceAt(Memory memory) {
        return memory.needsLease()
                ? Math.max(1, lease.fenceAt(memory.term(), memory.electorate()))
                : 0;
    }

    /** Whether it may run, and has a good part of its lease before it. */
    boolean isFresh(Memory memory) {
        if (!memory.needsLease()) {
            return true;
        }
        var enough = LeaseTimes.ofMillis(memory.electorate().ttlMs()).renewal().toNanos();
        return fenceAt(memory) - clock.now() > enough || guard.pid().isPresent();
    }

    /** Whether nothing speaks against bringing it back, as far as its lease goes (S11). */
    boolean permits(Memory memory) {
        return isFresh(memory);
    }

    /**
     * An order to start waits for the next grant; a starting server has to learn of the term. So
     * have we: what is granted in another term than ours says nothing.
     */
    void await(Memory wanted) {
        if (wanted.needsLease() && guard.pid().isEmpty()) {
            if (member.known().term() != wanted.term()) {
                member.remember(member.known().inTerm(wanted.term()));
            }
            var ignored = Await.until(NEXT_GRANT, () -> isFresh(wanted));
        }
    }

    /**
     * From now on these electors (S4). Durable first, then enforced, then confirmed: so nobody is
     * counted on to be able to take over before the guard would end us.
     */
    void keep(Electorate next) {
        var known = member.known();
        if (!known.is(Role.Primary)) {
            throw new OrderFailed("member " + member.id + " is no primary");
        }
        if (next.version() < known.electorate().version()) {
            throw new OrderFailed(
                    "electorate %d of %s is older than %d"
                            .formatted(next.version(), member.id, known.electorate().version()));
        }
        var wanted = known.keptBy(next);
        requireGrant(wanted);
        member.remember(wanted);
        tend();
        shorten(wanted);
        if (!Await.until(ENFORCED, () -> isEnforced(wanted))) {
            throw new OrderFailed("the guard of " + member.id + " does not take notice");
        }
    }

    private void requireGrant(Memory wanted) {
        if (wanted.needsLease() && guard.pid().isPresent()) {
            var enough = LeaseTimes.ofMillis(wanted.electorate().ttlMs()).renewal().toNanos();
            if (!Await.until(NEXT_GRANT, () -> fenceAt(wanted) - clock.now() > enough)) {
                throw new OrderFailed(
                        "member %s has no grant of term %d yet"
                                .formatted(member.id, wanted.term()));
            }
        }
    }

    /**
     * A shorter lease ends what a longer one has given: once the list is confirmed, whoever counts
     * with the shorter one may promote another (S2).
     */
    private synchronized void shorten(Memory wanted) {
        page().filter(open -> wanted.needsLease() && open.deadline() > fenceAt(wanted))
                .ifPresent(
                        open -> {
                            open.deadline(fenceAt(wanted));
                            guard.signal(Signal.USR2);
                        });
    }

    private synchronized boolean isEnforced(Memory wanted) {
        return page().map(LeasePage::enforced)
                .map(at -> wanted.needsLease() ? at != 0 && at <= fenceAt(wanted) : at == 0)
                .orElse(true);
    }

    /** Tells the guard what is held by now; and does its work where it does not. */
    synchronized void tend() {
        var memory = member.memory();
        var open = page();
        if (memory.isEmpty() || open.isEmpty()) {
            return;
        }
        var known = memory.get();
        if (!known.needsLease()) {
            if (open.get().deadline() != 0) {
                open.get().deadline(0);
            }
            return;
        }
        extend(known, open.get());
        var deadline = open.get().deadline();
        if (clock.now() > deadline + FROZEN_GUARD && open.get().beat() < deadline) {
            LOG.error("the guard of {} did not act on its deadline: it is killed", member.id);
            guard.signal(Signal.KILL);
        }
    }

    /**
     * A guard without a deadline is one whose first list was not confirmed yet: it gets a time
     * where it has none, and no more than it has where it has some.
     */
    private void extend(Memory known, LeasePage open) {
        var times = LeaseTimes.ofMillis(known.electorate().ttlMs());
        var at = fenceAt(known);
        if (open.deadline() == 0) {
            open.deadline(at > clock.now() ? at : clock.now() + times.silence().toNanos());
            guard.signal(Signal.USR2);
        } else if (at > open.deadline()) {
            open.deadline(at);
        }
    }

    /** Of the guard that lives. */
    private Optional<LeasePage> page() {
        var pid = guard.pid().orElse(0L);
        if (pid != pageOf) {
            page.ifPresent(LeasePage::close);
            page = pid == 0 ? Optional.empty() : LeasePage.open(guard.lease());
            pageOf = page.isPresent() ? pid : 0;
        }
        return page;
    }

    /** Those on whom it lives while the server is silent. */
    List<Elector> electors() {
        return member.memory()
                .filter(Memory::needsLease)
                .filter(known -> known.desired() == Desired.Running)
                .map(known -> known.electorate().members())
                .orElse(List.of());
    }

    /** Whether to ask them for vouchers now. */
    boolean isServerSilent() {
        return member.memory().filter(this::isServerSilent).isPresent();
    }

    /** One that needs no lease has no times of one either. */
    private boolean isServerSilent(Memory known) {
        return known.needsLease()
                && lease.isServerSilent(known.term(), known.electorate(), clock.now());
    }

    VoucherRequest request(Elector elector, boolean rehearsal) {
        var known = member.known();
        return new VoucherRequest(
                known.instanceId(),
                elector.memberId(),
                known.term(),
                member.id,
                known.electorate().ttlMs(),
                rehearsal);
    }

    /** How it stands, of a member that is or was a primary. */
    Optional<Holding> holding() {
        return member.memory().filter(known -> !known.is(Role.Standby)).map(this::holding);
    }

    private Holding holding(Memory known) {
        var now = clock.now();
        var left = Duration.ofNanos(fenceAt(known) - now).toMillis();
        return new Holding(
                known.instanceId(),
                member.id,
                known.term(),
                known.needsLease(),
                known.electorate().version(),
                Math.max(0, left),
                isServerSilent(known)
                        ? lease.missing(known.term(), known.electorate(), now)
                        : List.of());
    }

    // ---- as elector ----

    void vowFor(Order.VouchFor order) {
        var known = member.known();
        if (!known.is(Role.Standby)) {
            throw new OrderFailed("member " + member.id + " is no standby");
        }
        promises()
                .vow(order)
                .ifPresent(
                        objection -> {
                            throw new OrderFailed("member " + member.id + ": " + objection);
                        });
    }

    Voucher vouch(VoucherRequest asked, HostId asker) {
        var known = member.memory();
        if (known.filter(one -> one.is(Role.Standby)).isEmpty()) {
            return new Voucher(false, member.id + " is no standby here");
        }
        return promises().vouch(asked, asker);
    }

    Duration prepare(Order.Prepare order) {
        if (!member.known().is(Role.Standby)) {
            throw new OrderFailed("member " + member.id + " is no standby");
        }
        Promotion.requireOnlyOne(member, order.term());
        try {
            return promises().prepare(order);
        } catch (IllegalStateException late) {
            throw new OrderFailed("member " + member.id + ": " + late.getMessage());
        }
    }

    /** What it has promised. */
    Optional<Promise> promise() {
        return promises.map(
                one ->
                        new Promise(
                                member.id,
                                one.preparedFor().orElse(0L),
                                roundedUp(one.vouchersOut())));
    }

    /** None is none: a millisecond that never passes would be waited for by whoever asks. */
    static long roundedUp(Duration time) {
        return time.isZero() ? 0 : time.plusMillis(1).toMillis();
    }

    /** Late, delayed or repeated: an order to promote is not always one to obey. */
    void requirePromotable(long term) {
        promises().objectionToPromotion(term).ifPresent(this::refuse);
    }

    /** The same, and from then on it vouches for nobody, however long the promotion takes. */
    void takePromotion(long term) {
        promises().promote(term).ifPresent(this::refuse);
    }

    private void refuse(String objection) {
        throw new OrderFailed("member " + member.id + ": " + objection);
    }

    private synchronized Promises promises() {
        if (promises.isEmpty()) {
            promises = Optional.of(new Promises(member.home.promises(), clock, BootClock.bootId()));
        }
        return promises.get();
    }

    /** The directory is gone, and with it every promise. */
    synchronized void forget() {
        promises = Optional.empty();
    }
}
