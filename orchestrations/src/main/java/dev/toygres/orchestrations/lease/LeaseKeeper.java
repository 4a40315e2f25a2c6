package dev.toygres.orchestrations.lease;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseRound.Grant;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.LeaseStanding.Holding;
import dev.toygres.model.lease.LeaseTimes;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.host.Standing;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.LeaseStore;
import dev.toygres.store.LeaseStore.Tenure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of all primaries, one request per host (S2). Of all servers one has the right
 * to; the others stand by. A grant is given only on a view of the catalogue that is younger than
 * {@link LeaseTimes#OLDEST_VIEW}: so whatever server gave it, none is given by an older view once
 * that time has passed since a lease was withheld. Nothing is written per renewal.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final Duration RIGHT = Duration.ofSeconds(3);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration ROUND = LeaseTimes.ofMillis(3_000).renewal();

    /** Half of what a lease has left when the second renewal in a row is missed. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final String server = UUID.randomUUID().toString();
    private final Catalogue catalogue;
    private final Agents agents;
    private final Standing standing;
    private final BootClock clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();

    /** By instance: when the newest challenge that was answered had arrived here. */
    private final Map<String, Long> answered = new HashMap<>();

    /** By instance: the open term for which its incumbent gets nothing more from here. */
    private final Map<String, Withheld> withheld = new HashMap<>();

    private volatile View view = View.NONE;
    private volatile boolean ending;

    private record Withheld(long term, long since) {}

    /**
     * What was read of the catalogue.
     *
     * @param readAt before it was read
     * @param generation of the right to renew, if it is this server's
     * @param mineSince since when nobody else has had it; 0 when it is not this server's
     */
    private record View(
            long readAt, Optional<Long> generation, long mineSince, Map<String, Tenure> tenures) {
        static final View NONE = new View(0, Optional.empty(), 0, Map.of());
    }

    public LeaseKeeper(Catalogue catalogue, Agents agents, Standing standing, BootClock clock) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.standing = standing;
        this.clock = clock;
    }

    public LeaseKeeper start() {
        threads.execute(
                () -> {
                    while (!ending) {
                        look();
                        pause(LOOK);
                    }
                });
        return this;
    }

    /** One look at the catalogue: keeps the right, and learns of terms and hosts. */
    void look() {
        long before = clock.now();
        try {
            View next =
                    catalogue
                            .jdbi()
                            .inTransaction(
                                    handle -> {
                                        HostStore.list(handle).forEach(this::attend);
                                        return view(
                                                before,
                                                claim(handle),
                                                byInstance(LeaseStore.tenures(handle)));
                                    });
            endMarks(next);
            view = next;
        } catch (RuntimeException away) {
            LOG.warn("leases are not renewed while the catalogue is away: {}", away.getMessage());
        }
    }

    private Optional<Long> claim(Handle handle) {
        if (standing.isFit()) {
            return LeaseStore.claim(handle, server, RIGHT);
        }
        LeaseStore.leave(handle, server);
        return Optional.empty();
    }

    /** The right's generation is another one as soon as anybody else has had it. */
    private View view(long before, Optional<Long> generation, Map<String, Tenure> tenures) {
        boolean unbroken = generation.isPresent() && generation.equals(view.generation());
        long since = generation.isEmpty() ? 0 : unbroken ? view.mineSince() : before;
        return new View(before, generation, since, tenures);
    }

    /** Settled, or released: the catalogue was read after the mark and no longer withholds. */
    private synchronized void endMarks(View next) {
        withheld.entrySet()
                .removeIf(
                        mark -> {
                            Tenure tenure = next.tenures().get(mark.getKey());
                            return mark.getValue().since() < next.readAt()
                                    && (tenure == null || !tenure.withheld());
                        });
    }

    private static Map<String, Tenure> byInstance(List<Tenure> tenures) {
        return tenures.stream().collect(Collectors.toMap(Tenure::instanceId, one -> one));
    }

    private void attend(HostRow host) {
        if (hosts.add(host.id())) {
            threads.execute(() -> attend(host.id()));
        }
    }

    /** Round after round; a host that does not answer is asked again as often. */
    private void attend(String host) {
        LeaseRound round = LeaseRound.FIRST;
        while (!ending) {
            long began = clock.now();
            round = view.mineSince() == 0 ? LeaseRound.FIRST : round(host, round);
            pause(ROUND.minusNanos(clock.now() - began));
        }
    }

    private LeaseRound round(String host, LeaseRound round) {
        try {
            LeaseStanding standing = agents.of(host).lease(round, PATIENCE);
            return answer(standing, clock.now());
        } catch (AgentUnreachable | AgentRefusal silent) {
            LOG.debug("host {} does not take its leases: {}", host, silent.getMessage());
        } catch (RuntimeException fault) {
            LOG.warn("leases of host {} are not renewed: {}", host, fault.getMessage());
        }
        return LeaseRound.FIRST;
    }

    /**
     * Decides on the grants that answer this challenge. Written down before any is sent: a round
     * that gets lost may have arrived.
     */
    synchronized LeaseRound answer(LeaseStanding standing, long arrivedAt) {
        // Asked once: between two answers the view may become too old, or be replaced.
        List<Holding> renewed = standing.members().stream().filter(this::isRenewed).toList();
        renewed.forEach(one -> answered.merge(one.instanceId().value(), arrivedAt, Math::max));
        return new LeaseRound(
                standing.bootId(),
                standing.stampNs(),
                renewed.stream().map(one -> new Grant(one.memberId(), one.term())).toList());
    }

    /** The incumbent, in the settled term; or in the open one, which only it adopts alive. */
    private boolean isRenewed(Holding holding) {
        View known = view;
        Tenure tenure = known.tenures().get(holding.instanceId().value());
        if (tenure == null
                || known.mineSince() == 0
                || clock.now() - known.readAt() >= LeaseTimes.OLDEST_VIEW.toNanos()) {
            return false;
        }
        boolean itsTerm =
                holding.term() == tenure.term()
                        || (tenure.candidate().isPresent() && holding.term() < tenure.term());
        return tenure.incumbent().equals(holding.memberId().value())
                && itsTerm
                && !tenure.withheld()
                && !withheld.containsKey(tenure.instanceId());
    }

    /**
     * Says in the catalogue that this lease is withheld. Answers when every grant of it, by
     * whichever server, has surely run out, by this server's clock; empty: the term is over.
     *
     * @param term the open one
     */
    Optional<Long> withhold(String instanceId, long term, long ttlMs) {
        record Held(boolean withheld, Optional<Long> generation) {}
        Held held =
                catalogue
                        .jdbi()
                        .inTransaction(
                                handle -> {
                                    Optional<Long> generation = LeaseStore.hold(handle, server);
                                    return new Held(
                                            LeaseStore.withhold(handle, instanceId, term),
                                            generation);
                                });
        return held.withheld()
                ? Optional.of(overAt(instanceId, term, ttlMs, held.generation()))
                : Optional.empty();
    }

    /**
     * @param generation of the right when the catalogue took note, if it was this server's then
     */
    private synchronized long overAt(
            String instanceId, long term, long ttlMs, Optional<Long> generation) {
        Withheld mark = withheld.get(instanceId);
        if (mark == null || mark.term() != term) {
            mark = new Withheld(term, clock.now());
            withheld.put(instanceId, mark);
        }
        Duration anybody = LeaseTimes.OLDEST_VIEW.plusMillis(ttlMs);
        long byAnybody = mark.since() + LeaseTimes.surely(anybody).toNanos();
        return generation.isPresent()
                        && generation.equals(view.generation())
                        && isOursSince(mark.since() - LeaseTimes.surely(anybody).toNanos())
                ? Math.min(byAnybody, byUs(instanceId, ttlMs))
                : byAnybody;
    }

    /** Only we have given grants for so long that all others have run out. */
    private boolean isOursSince(long then) {
        View known = view;
        return known.mineSince() != 0
                && known.mineSince() < then
                && clock.now() - known.readAt() < RIGHT.toNanos();
    }

    private long byUs(String instanceId, long ttlMs) {
        Duration whole = LeaseTimes.ofMillis(ttlMs).earliestPromotion();
        return answered.getOrDefault(instanceId, 0L) + whole.toNanos();
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.isNegative() ? Duration.ZERO : time);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ending = true;
        threads.shutdownNow();
        try {
            catalogue.jdbi().useHandle(handle -> LeaseStore.leave(handle, server));
        } catch (RuntimeException away) {
            LOG.debug("the right to renew lapses by itself: {}", away.getMessage());
        }
    }
}
