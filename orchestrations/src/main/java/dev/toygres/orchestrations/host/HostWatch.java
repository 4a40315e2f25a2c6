package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Placement;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.ReplicationMode;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.endpoint.EndpointHosts;
import dev.toygres.orchestrations.lease.Ballot;
import dev.toygres.orchestrations.parameter.PendingChanges;
import dev.toygres.orchestrations.parameter.Stale;
import dev.toygres.orchestrations.replica.Settlement;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Looks at every host in turn and holds what it has against the catalogue: keeps the health of the
 * instances true, and starts what ought to run and does not. Agents bring a killed Postgres back by
 * themselves; what is left for here is what they cannot know.
 */
public final class HostWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);

    /** An unchanged status is written this often, so that its age tells something. */
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private static final int PAGE = 200;

    /** Between two repairs of one instance. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Between two times that the members of one instance are given their settings. */
    private static final Duration KEEP = Duration.ofSeconds(10);

    /** An agent that starts again is back sooner. */
    private static final Duration UNSERVED = Duration.ofSeconds(3);

    /** A host that lives after all does not let go of its addresses: no use to ask all the time. */
    private static final Duration BETWEEN_MOVES = Duration.ofSeconds(30);

    private final Catalogue catalogue;
    private final Agents agents;
    private final Recoveries recoveries;
    private final Lanes lanes;
    private final Observations seen;
    private final Standing standing;
    private final OlderCatalogue older;
    private final PendingChanges pending;
    private final InstantSource clock;
    private final Map<String, Noted> noted = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastRepair = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastKept = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastSettled = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastMove = new ConcurrentHashMap<>();
    private final Map<String, Instant> unservedSince = new ConcurrentHashMap<>();
    private volatile boolean recalled;
    private final LeftBehind leftBehind;

    /** How the watch asks for what has to be done. */
    public interface Recoveries {
        /** Brings back what ought to run and does not. */
        void start(String instanceId);

        /** Makes whoever was left behind follow again. */
        void rejoin(Handle handle, String instanceId, String memberId);

        /** Makes reads and sync list fit the replicas. */
        void settle(Handle handle, String instanceId);

        /** Gives members that were away what was agreed meanwhile. */
        void keep(Handle handle, String instanceId);

        /** Has the addresses served again, elsewhere if need be. */
        void serve(Handle handle, String instanceId);
    }

    public HostWatch(
            Catalogue catalogue,
            Agents agents,
            Recoveries recoveries,
            Lanes lanes,
            Observations seen,
            Standing standing,
            OlderCatalogue older,
            PendingChanges pending,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.recoveries = recoveries;
        this.lanes = lanes;
        this.seen = seen;
        this.standing = standing;
        this.older = older;
        this.pending = pending;
        this.clock = clock;
        this.leftBehind = new LeftBehind(seen);
    }

    /** One look at all hosts. */
    public void look() {
        catalogue.jdbi().withHandle(HostStore::list).parallelStream().forEach(this::look);
        reconcile();
    }

    /** Holds what was last seen against the catalogue. */
    public void reconcile() {
        Optional<String> last = Optional.empty();
        do {
            Optional<String> after = last;
            List<InstanceRow> page =
                    catalogue.jdbi().withHandle(handle -> InstanceStore.list(handle, PAGE, after));
            page.forEach(this::reconcile);
            last = page.size() < PAGE ? Optional.empty() : Optional.of(page.getLast().id());
        } while (last.isPresent());
    }

    private void look(HostRow host) {
        try {
            heard(host, agents.of(host.id()).status());
        } catch (AgentUnreachable | AgentRefusal unreachable) {
            lost(host, Duration.ZERO, String.valueOf(unreachable.getMessage()));
        }
    }

    /**
     * Before anything newer is known. A server that has just begun, and has never seen a dead
     * primary well, would else measure a replica by what that replica has: nothing is missing then,
     * however long ago it was cut off.
     */
    private void recall() {
        if (!recalled) {
            recallFirst();
        }
    }

    private synchronized void recallFirst() {
        if (!recalled) {
            catalogue.jdbi().withHandle(HostStore::list).stream()
                    .flatMap(host -> last(host).stream())
                    .forEach(seen::recall);
            recalled = true;
        }
    }

    private static Optional<HostStatus> last(HostRow host) {
        try {
            return Room.status(host);
        } catch (JacksonException older) {
            LOG.info("what was last seen of host {} cannot be read any more", host.id());
            return Optional.empty();
        }
    }

    /** Its agent has answered. */
    public void heard(HostRow host, HostStatus status) {
        recall();
        seen.saw(host.id(), status);
        if (standing.isFit()) {
            older.heard(host.id(), status);
            record(host, status);
        }
    }

    /** See {@link Observations#late}. */
    public void late(Duration by) {
        LOG.warn("this server is late by {} ms: no host counts as silent yet", by.toMillis());
        seen.late(by);
    }

    /** Its agent has not, and has owed an answer for so long. */
    public void lost(HostRow host, Duration silence, String words) {
        recall();
        seen.lost(host.id(), silence);
        if (!standing.isFit()) {
            return;
        }
        if (host.reachable()) {
            LOG.warn("host {} is lost: {}", host.id(), words);
        }
        catalogue.jdbi().useHandle(handle -> HostStore.lost(handle, host.id()));
    }

    private void record(HostRow host, HostStatus status) {
        boolean old =
                host.lastSeenAt()
                        .map(at -> at.plus(REFRESH))
                        .filter(due -> due.isAfter(now()))
                        .isEmpty();
        boolean changed = !shape(host).equals(Optional.of(shape(status)));
        if (old || changed || !host.reachable()) {
            catalogue.jdbi().useTransaction(handle -> note(handle, host, status));
        }
    }

    private void note(Handle handle, HostRow host, HostStatus status) {
        Optional<String> before = HostStore.seen(handle, host.id(), now(), Room.json(status));
        if (status.revived() && before.filter(boot -> !boot.equals(status.bootId())).isPresent()) {
            Alarms.tell(
                    handle,
                    Alert.of(
                                    AlertSeverity.Warning,
                                    AlertKind.AgentRestarted,
                                    host.id(),
                                    "The agent of host %s had died or hung; a guard started it again. Its log says more."
                                            .formatted(host.id()))
                            .with("startedAt", String.valueOf(status.agentStartedAt())));
        }
    }

    /** Of what the catalogue has; read anew only when that was written anew. */
    private Optional<List<Object>> shape(HostRow host) {
        return noted.compute(
                        host.id(),
                        (_, known) ->
                                known != null && known.at().equals(host.lastSeenAt())
                                        ? known
                                        : new Noted(
                                                host.lastSeenAt(),
                                                Room.status(host).map(HostWatch::shape)))
                .shape();
    }

    private record Noted(Optional<Instant> at, Optional<List<Object>> shape) {}

    /** What of a status is worth a write: not the bytes that change all the time. */
    private static List<Object> shape(HostStatus status) {
        return List.of(
                status.bootId(),
                status.postgresVersions(),
                status.members().stream()
                        .map(m -> m.memberId() + m.state() + m.restarts())
                        .toList(),
                status.endpoints().stream().map(e -> e.instanceId() + e.up() + e.ended()).toList());
    }

    private void reconcile(InstanceRow row) {
        Topology topology = catalogue.jdbi().withHandle(handle -> Topology.of(handle, row));
        if (topology.primary().isEmpty() || older.halts(topology).isPresent()) {
            return;
        }
        MemberRow primary = topology.placedPrimary();
        Health health = health(topology, primary);
        catalogue.jdbi().useHandle(handle -> observe(handle, row, health));
        boolean unserved = isUnserved(row);
        if (row.state() == InstanceState.Running
                && isPatienceOver(row.id())
                && lanes.holder(row.id()).isEmpty()) {
            settlePending(topology, primary);
            repair(topology, primary, unserved);
        }
    }

    /** What waited for a restart may have had it, whoever asked for that. */
    private void settlePending(Topology topology, MemberRow primary) {
        Instant last = lastSettled.getOrDefault(topology.instance().id(), Instant.EPOCH);
        if (runs(primary) && !last.plus(KEEP).isAfter(now())) {
            lastSettled.put(topology.instance().id(), now());
            pending.settle(topology);
        }
    }

    /** S13: nobody has served its addresses for a while, or their host asks whether it shall. */
    private boolean isUnserved(InstanceRow row) {
        if (row.endpoint().filter(open -> hasEnded(row, open)).isPresent()) {
            return true;
        }
        if (row.endpoint().filter(open -> !seen.reached(open.hostId())).isEmpty()) {
            unservedSince.remove(row.id());
            return false;
        }
        Instant since = unservedSince.computeIfAbsent(row.id(), _ -> now());
        return !since.plus(UNSERVED).isAfter(now());
    }

    private boolean isAway(InstanceRow row) {
        return row.endpoint()
                .filter(open -> !seen.reached(open.hostId()) || hasEnded(row, open))
                .isPresent();
    }

    private boolean hasEnded(InstanceRow row, InstanceRow.Endpoint open) {
        return seen.endpoint(open.hostId(), row.id())
                .filter(HostStatus.EndpointStatus::ended)
                .isPresent();
    }

    /** While the primary does not serve either, a failover takes them along. */
    private boolean isMoveDue(Topology topology, MemberRow primary) {
        InstanceRow row = topology.instance();
        if (row.endpoint().filter(open -> hasEnded(row, open)).isPresent()) {
            return runs(primary);
        }
        String id = row.id();
        boolean early =
                Optional.ofNullable(lastMove.get(id))
                        .filter(last -> last.plus(BETWEEN_MOVES).isAfter(now()))
                        .isPresent();
        return !early && runs(primary) && canBeServed(topology);
    }

    private boolean canBeServed(Topology topology) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                topology.instance()
                                        .endpoint()
                                        .map(
                                                open ->
                                                        EndpointHosts.elsewhere(
                                                                handle, topology, open))
                                        .filter(Placement.Choice.On.class::isInstance)
                                        .isPresent());
    }

    private static void observe(Handle handle, InstanceRow row, Health health) {
        if (InstanceStore.observe(handle, row.id(), health)) {
            LOG.info("instance {} is {}, was {}", row.id(), health, row.health());
        }
    }

    /** What could not be mended is not tried every second. */
    private boolean isPatienceOver(String id) {
        Instant last = lastRepair.getOrDefault(id, Instant.MIN);
        return last.equals(Instant.MIN) || !last.plus(PATIENCE).isAfter(now());
    }

    /**
     * What was seen may be older than the end of the operation that made it otherwise: it says that
     * something may be wrong, and only another look, now that nobody is at work, says that it is.
     */
    private void repair(Topology topology, MemberRow primary, boolean unserved) {
        boolean moves = unserved && isMoveDue(topology, primary);
        if (!moves && !isRepairDue(topology, primary)) {
            return;
        }
        seen.refresh(agents, topology.hosts());
        String id = topology.instance().id();
        try {
            if (needsStart(topology.instance(), primary)) {
                LOG.warn("instance {} ought to run and does not: starting it", id);
                lastRepair.put(id, now());
                recoveries.start(id);
            } else if (moves && runs(primary) && isAway(topology.instance())) {
                LOG.warn("nobody serves the addresses of {}: somebody shall", id);
                lastMove.put(id, now());
                lastRepair.put(id, now());
                catalogue.jdbi().useTransaction(handle -> recoveries.serve(handle, id));
            } else if (needsSettling(topology, primary)) {
                LOG.info("what leans on the replicas of {} no longer fits: settling it", id);
                lastRepair.put(id, now());
                catalogue.jdbi().useTransaction(handle -> recoveries.settle(handle, id));
            } else if (needsKeeping(topology, primary)) {
                LOG.info("members of {} have other settings than are agreed: giving these", id);
                lastKept.put(id, now());
                catalogue.jdbi().useTransaction(handle -> recoveries.keep(handle, id));
            } else if (runs(primary)) {
                leftBehind.due(topology, now()).ifPresent(member -> rejoin(id, member));
            }
        } catch (Refused busy) {
            LOG.debug("instance {} is left alone: {}", id, busy.getMessage());
        }
    }

    private boolean isBallotDue(Topology topology) {
        Duration ttl =
                catalogue
                        .jdbi()
                        .withHandle(handle -> HealthStore.monitor(handle, topology.instance().id()))
                        .config()
                        .leaseTtl();
        return Ballot.isDue(topology, seen, ttl.toMillis());
    }

    private boolean isRepairDue(Topology topology, MemberRow primary) {
        return needsStart(topology.instance(), primary)
                || needsSettling(topology, primary)
                || needsKeeping(topology, primary)
                || leftBehind.due(topology, now()).isPresent();
    }

    private void rejoin(String id, MemberRow member) {
        LOG.info("{} of {} was left behind and answers now: it shall follow", member.id(), id);
        lastRepair.put(id, now());
        leftBehind.tries(member, now());
        catalogue.jdbi().useTransaction(handle -> recoveries.rejoin(handle, id, member.id()));
    }

    private boolean needsSettling(Topology topology, MemberRow primary) {
        return runs(primary) && (Settlement.of(topology, seen).isDue() || isBallotDue(topology));
    }

    /** Whoever did not take them is not asked again every second. */
    private boolean needsKeeping(Topology topology, MemberRow primary) {
        Instant last = lastKept.getOrDefault(topology.instance().id(), Instant.EPOCH);
        return runs(primary)
                && !last.plus(KEEP).isAfter(now())
                && !catalogue
                        .jdbi()
                        .withHandle(handle -> Stale.of(handle, topology, seen))
                        .isEmpty();
    }

    private Health health(Topology topology, MemberRow primary) {
        if (!seen.reached(primary.hostId())) {
            return Health.Unknown;
        }
        return switch (topology.instance().state()) {
            case Running ->
                    runs(primary) && !recovers(primary)
                            ? serving(topology, primary)
                            : Health.Unhealthy;
            case Failed, Restarting, FailingOver, Restoring ->
                    runs(primary) ? Health.Degraded : Health.Unhealthy;
            case Creating, Stopping, Stopped, Deleting -> Health.Unknown;
        };
    }

    private Health serving(Topology topology, MemberRow primary) {
        boolean sync =
                topology.replicas().stream().anyMatch(one -> one.mode() == ReplicationMode.Sync);
        if (sync && topology.instance().syncNames().isEmpty()) {
            return Health.Unprotected;
        }
        boolean well =
                endpointUp(topology.instance())
                        && topology.replicas().stream()
                                .noneMatch(one -> one.stage() == MemberRow.Stage.Broken)
                        && topology.readyReplicas().stream()
                                .allMatch(
                                        one ->
                                                seen.verdict(primary, one).state()
                                                        == ReplicaState.Streaming);
        return well ? Health.Healthy : Health.Degraded;
    }

    private boolean runs(MemberRow member) {
        return seen.of(member)
                .filter(found -> found.state() == HostStatus.State.Running)
                .isPresent();
    }

    /** After the crash of a backend it lets nobody in, though it calls itself ready. */
    private boolean recovers(MemberRow member) {
        return seen.of(member)
                .flatMap(HostStatus.MemberStatus::vitals)
                .filter(HostStatus.Vitals::recovering)
                .isPresent();
    }

    /** Only what the agent holds for stopped by order: what crashed it restarts itself. */
    private boolean needsStart(InstanceRow row, MemberRow primary) {
        boolean stopped =
                seen.of(primary).filter(found -> found.desired().equals("Stopped")).isPresent();
        boolean unrouted = row.endpoint().map(open -> leadsNowhere(row, open)).orElse(true);
        return seen.reached(primary.hostId()) && (stopped || unrouted);
    }

    /**
     * Gone, or of an older term: its host was away when the primary moved (S13). Or held, and
     * nobody is at work who would open it: it was away then.
     */
    private boolean leadsNowhere(InstanceRow row, InstanceRow.Endpoint open) {
        return seen.reached(open.hostId())
                && seen.endpoint(open.hostId(), row.id())
                        .filter(found -> found.term() >= row.term() && !found.held())
                        .isEmpty();
    }

    private boolean endpointUp(InstanceRow row) {
        return row.endpoint()
                .flatMap(open -> seen.endpoint(open.hostId(), row.id()))
                .filter(HostStatus.EndpointStatus::up)
                .isPresent();
    }

    private Instant now() {
        return clock.instant();
    }
}
