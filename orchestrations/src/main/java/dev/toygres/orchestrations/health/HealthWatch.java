package dev.toygres.orchestrations.health;

import dev.toygres.durable.Operations;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.health.AutoFailover;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.PrimarySight;
import dev.toygres.model.health.Situation;
import dev.toygres.model.health.Work;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.AutomaticFailovers;
import dev.toygres.orchestrations.failover.SilentMembers;
import dev.toygres.orchestrations.host.NewerTerms;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.OlderCatalogue;
import dev.toygres.orchestrations.host.Standing;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Monitor;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.ParameterStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors of the instances that this server watches (R3.1, R3.14-R3.31; ADR 11). The fast part,
 * what is seen, is in memory; whose an instance is, what was decided and what was begun is in the
 * catalogue. A server watches while its lease there runs; when it dies, the others take its share.
 * An error ends one turn of one instance, and nothing else.
 */
public final class HealthWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);

    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final Duration LET_GO = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Catalogue catalogue;
    private final Agents agents;
    private final Operations operations;
    private final Lanes lanes;
    private final Standing standing;
    private final String server;
    private final Observations seen;
    private final Sights sights;
    private final AutomaticFailovers failovers;
    private final SilentMembers silent;
    private final OlderCatalogue older;
    private final Arming arming;
    private final Decisions decisions;
    private final Map<String, Roster> watched = new ConcurrentHashMap<>();

    /** By host, as of the last turn; a primary that has moved since is looked at in the next. */
    private volatile Map<String, Set<String>> primariesOn = Map.of();

    private final Set<String> looking = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public HealthWatch(
            Catalogue catalogue,
            Agents agents,
            Operations operations,
            Lanes lanes,
            Standing standing,
            Observations seen,
            Sights sights,
            AutomaticFailovers failovers,
            SilentMembers silent,
            OlderCatalogue older) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.operations = operations;
        this.lanes = lanes;
        this.standing = standing;
        this.server = standing.server();
        this.seen = seen;
        this.sights = sights;
        this.failovers = failovers;
        this.silent = silent;
        this.older = older;
        this.arming = new Arming(catalogue, agents, seen);
        this.decisions = new Decisions(catalogue);
    }

    /** One turn: the lease, this server's share, and a look at each of it. */
    public void tick() {
        standing.look();
        catalogue.jdbi().useTransaction(HealthStore::sweep);
        Set<String> mine =
                catalogue.jdbi().inTransaction(handle -> HealthStore.share(handle, server));
        List<Roster> rosters = catalogue.jdbi().withHandle(handle -> Roster.of(handle, server));
        watched.keySet().stream().filter(id -> !mine.contains(id)).forEach(this::left);
        watched.keySet().retainAll(mine);
        primariesOn =
                rosters.stream()
                        .collect(
                                Collectors.groupingBy(
                                        one -> one.topology().placedPrimary().hostId(),
                                        Collectors.mapping(
                                                one -> one.topology().instance().id(),
                                                Collectors.toSet())));
        rosters.forEach(this::turn);
    }

    /**
     * Whatever was asked about an instance that is gone must not be answered about its namesake;
     * and what another server has said of it since is not what this one said last.
     */
    private void left(String id) {
        decisions.forget(id);
        Optional.ofNullable(watched.get(id)).map(Roster::topology).ifPresent(arming::forget);
        if (catalogue.jdbi().withHandle(handle -> InstanceStore.find(handle, id)).isEmpty()) {
            failovers.withdraw(id);
        }
    }

    /** What this server watches. */
    public Set<String> watched() {
        return Set.copyOf(watched.keySet());
    }

    /** Whom it looks at just now. */
    public Set<String> looking() {
        return Set.copyOf(looking);
    }

    private void turn(Roster roster) {
        String id = roster.topology().instance().id();
        watched.put(id, roster);
        boolean calm =
                sights.primary(roster.topology().placedPrimary()) instanceof PrimarySight.Well
                        && decisions.isCalm(id)
                        && NewerTerms.of(roster.topology(), seen).isEmpty();
        if (calm) {
            keepArmed(roster, situation(roster, new Work.None()));
        } else {
            look(id);
        }
    }

    /**
     * A host was heard, or was not: whoever's primary is there and is not well is looked at now.
     */
    public void heard(String hostId) {
        primariesOn.getOrDefault(hostId, Set.of()).stream()
                .map(watched::get)
                .filter(Objects::nonNull)
                .filter(this::isWorthALook)
                .forEach(one -> look(one.topology().instance().id()));
    }

    private boolean isWorthALook(Roster roster) {
        return switch (sights.primary(roster.topology().placedPrimary())) {
            case PrimarySight.Dead _, PrimarySight.Failing _ -> true;
            // Later than that the turns will do.
            case PrimarySight.Unreachable(var since, _) -> since.compareTo(FRESH) < 0;
            case PrimarySight.Well _,
                    PrimarySight.Unchecked _,
                    PrimarySight.Recovering _,
                    PrimarySight.Unfit _,
                    PrimarySight.Stopped _ ->
                    false;
        };
    }

    /**
     * One at a time for each instance, and none in the way of another: agents are asked, which may
     * hang for longer than the lease of this server runs.
     */
    private void look(String id) {
        if (looking.add(id)) {
            threads.execute(
                    () -> {
                        try {
                            consider(id);
                        } catch (RuntimeException fault) {
                            LOG.warn("instance {} was not looked at this time", id, fault);
                        } finally {
                            looking.remove(id);
                        }
                    });
        }
    }

    /** On what the catalogue has now. */
    private void consider(String id) {
        catalogue.jdbi().withHandle(handle -> fresh(handle, id)).ifPresent(this::decide);
    }

    private static Optional<Roster> fresh(Handle handle, String id) {
        Monitor monitor = HealthStore.monitor(handle, id);
        return Topology.find(handle, id)
                .filter(one -> one.primary().isPresent())
                .map(one -> new Roster(one, monitor, HealthStore.automaticFailovers(handle, id)));
    }

    private Situation situation(Roster roster, Work work) {
        return sights.of(roster.topology(), roster.monitor(), work, roster.past());
    }

    private Work work(String id) {
        return lanes.holder(id)
                .map(operation -> Lanes.work(operations, operation))
                .orElse(new Work.None());
    }

    private void decide(Roster roster) {
        Optional<String> halted = older.halts(roster.topology());
        if (halted.isPresent()) {
            note(roster, situation(roster, new Work.None()), new Decision.AlertOnly(halted.get()));
            return;
        }
        Work work = work(roster.topology().instance().id());
        if (work instanceof Work.Holds(var operation, _)) {
            silent.look(roster.topology(), operation);
        }
        Situation now = situation(roster, work);
        if (AutoFailover.of(now) instanceof Decision.FailOver) {
            now = lookAgain(roster, work);
        }
        decide(roster, now, AutoFailover.of(now));
    }

    /**
     * What was seen may be from the midst of a restart that has ended by now (P48): only what is
     * seen after the lane was found free counts against a primary.
     */
    private Situation lookAgain(Roster roster, Work work) {
        String host = roster.topology().placedPrimary().hostId();
        if (seen.reached(host)) {
            seen.refresh(agents, List.of(host));
        }
        return situation(roster, work);
    }

    private void decide(Roster roster, Situation now, Decision decision) {
        switch (decision) {
            case Decision.FailOver go -> failOver(roster, now, go);
            case Decision.Ask ask -> ask(roster, now, ask);
            case Decision.Nothing _ -> {
                note(roster, now, decision);
                keepArmed(roster, now);
            }
            case Decision.Restart _, Decision.AlertOnly _ -> {
                note(roster, now, decision);
                arming.keep(roster.topology(), now.config(), false);
            }
        }
    }

    /** What was asked, if anything was, is answered otherwise. */
    private void note(Roster roster, Situation now, Decision decision) {
        if (decisions.isNews(roster, now, decision)) {
            failovers.withdraw(roster.topology().instance().id());
            decisions.note(roster, now, decision, Optional.empty());
        }
    }

    /** Once for each such situation: whoever has said no is not asked every second. */
    private void ask(Roster roster, Situation now, Decision.Ask ask) {
        arming.keep(roster.topology(), now.config(), false);
        if (decisions.isNews(roster, now, ask)) {
            failovers
                    .ask(server, now, roster.topology().instance(), ask)
                    .ifPresent(question -> decisions.note(roster, now, ask, Optional.of(question)));
        }
    }

    private void keepArmed(Roster roster, Situation now) {
        boolean servers =
                now.state() == InstanceState.Running
                        && AutoFailover.of(now.withDeadPrimary()) instanceof Decision.FailOver;
        arming.keep(roster.topology(), now.config(), servers);
    }

    private void failOver(Roster roster, Situation now, Decision.FailOver go) {
        String id = roster.topology().instance().id();
        try {
            if (now.work() instanceof Work.Yields(var operation, var type)
                    && !letGo(id, operation)) {
                Decision instead =
                        new Decision.Restart(
                                "%s, and operation %s (%s) does not let go"
                                        .formatted(go.why(), operation, type));
                note(roster, now, instead);
                arming.keep(roster.topology(), now.config(), false);
                return;
            }
            Optional<String> begun = failovers.begin(server, roster.topology(), now, go);
            begun.ifPresent(
                    operation -> {
                        decisions.note(roster, now, go, Optional.of(operation));
                        failovers.withdraw(id);
                    });
        } catch (Refused busy) {
            LOG.info("instance {} does not fail over just now: {}", id, busy.getMessage());
        }
    }

    /** What can be taken up again later makes room (P48). */
    private boolean letGo(String id, String operation) {
        catalogue.jdbi().useHandle(handle -> ParameterStore.makesRoom(handle, operation));
        boolean asked = operations.cancel(operation);
        long end = System.nanoTime() + LET_GO.toNanos();
        while (asked && lanes.holder(id).filter(operation::equals).isPresent()) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return asked;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            standing.resign();
        } catch (RuntimeException away) {
            LOG.debug("the lease of this server runs out by itself: {}", away.getMessage());
        }
    }
}
