package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.durable.Operations;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every host in turn and holds what it has against the catalogue: keeps the health of the
 * instances true, and starts what ought to run and does not. Agents bring a killed Postgres back by
 * themselves; what is left for here is what they cannot know.
 */
public final class HostWatch {
    private static final Logger LOG = LoggerFactory.getLogger(HostWatch.class);

    /** An unchanged status is written this often, so that its age tells something. */
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private final Catalogue catalogue;
    private final Agents agents;
    private final InstanceDesk instances;
    private final Operations operations;
    private final InstantSource clock;

    public HostWatch(
            Catalogue catalogue,
            Agents agents,
            InstanceDesk instances,
            Operations operations,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.instances = instances;
        this.operations = operations;
        this.clock = clock;
    }

    /** One look at all hosts. */
    public void look() {
        catalogue.jdbi().withHandle(HostStore::list).parallelStream().forEach(this::look);
    }

    private void look(HostRow host) {
        try {
            HostStatus status = agents.of(host.id()).status();
            record(host, status);
            reconcile(host, Optional.of(status));
        } catch (AgentUnreachable | AgentRefusal unreachable) {
            if (host.reachable()) {
                LOG.warn("host {} is lost: {}", host.id(), unreachable.getMessage());
            }
            catalogue.jdbi().useHandle(handle -> HostStore.lost(handle, host.id()));
            reconcile(host, Optional.empty());
        }
    }

    private void record(HostRow host, HostStatus status) {
        boolean old =
                host.lastSeenAt()
                        .map(at -> at.plus(REFRESH))
                        .filter(due -> due.isAfter(now()))
                        .isEmpty();
        boolean changed =
                !Room.status(host).map(HostWatch::shape).equals(Optional.of(shape(status)));
        if (old || changed || !host.reachable()) {
            catalogue
                    .jdbi()
                    .useHandle(
                            handle -> HostStore.seen(handle, host.id(), now(), Room.json(status)));
        }
    }

    /** What of a status is worth a write: not the bytes that change all the time. */
    private static List<Object> shape(HostStatus status) {
        return List.of(
                status.bootId(),
                status.postgresVersions(),
                status.members().stream()
                        .map(m -> m.memberId() + m.state() + m.restarts())
                        .toList(),
                status.endpoints().stream().map(e -> e.instanceId() + e.up()).toList());
    }

    private void reconcile(HostRow host, Optional<HostStatus> status) {
        List<MemberRow> members =
                catalogue.jdbi().withHandle(handle -> MemberStore.on(handle, host.id()));
        for (MemberRow member : members) {
            catalogue
                    .jdbi()
                    .withHandle(handle -> InstanceStore.find(handle, member.instanceId()))
                    .filter(row -> row.incumbent().equals(Optional.of(member.id())))
                    .ifPresent(row -> reconcile(row, member, status));
        }
    }

    private void reconcile(InstanceRow row, MemberRow member, Optional<HostStatus> status) {
        Health health = health(row, member, status);
        catalogue.jdbi().useHandle(handle -> observe(handle, row, health));
        if (needsStart(row, member, status)
                && operations.holder("instance/" + row.id()).isEmpty()) {
            LOG.warn("instance {} ought to run and does not: starting it", row.id());
            start(row.id());
        }
    }

    private static void observe(Handle handle, InstanceRow row, Health health) {
        if (InstanceStore.observe(handle, row.id(), health)) {
            LOG.info("instance {} is {}, was {}", row.id(), health, row.health());
        }
    }

    private void start(String id) {
        try {
            instances.recover(id);
        } catch (Refused busy) {
            LOG.debug("instance {} is left alone: {}", id, busy.getMessage());
        }
    }

    private static Health health(InstanceRow row, MemberRow member, Optional<HostStatus> status) {
        if (status.isEmpty()) {
            return Health.Unknown;
        }
        boolean runs =
                find(member, status.get())
                        .filter(found -> found.state() == HostStatus.State.Running)
                        .isPresent();
        boolean routed = endpointUp(row, status.get());
        return switch (row.state()) {
            case Running -> runs ? (routed ? Health.Healthy : Health.Degraded) : Health.Unhealthy;
            case Failed, Restarting, FailingOver, Restoring ->
                    runs ? Health.Degraded : Health.Unhealthy;
            case Creating, Stopping, Stopped, Deleting -> Health.Unknown;
        };
    }

    /** Only what the agent holds for stopped by order: what crashed it restarts itself. */
    private static boolean needsStart(
            InstanceRow row, MemberRow member, Optional<HostStatus> status) {
        return row.state() == InstanceState.Running
                && status.isPresent()
                && (find(member, status.get())
                                .filter(found -> found.desired().equals("Stopped"))
                                .isPresent()
                        || status.get().endpoints().stream()
                                .noneMatch(open -> open.instanceId().equals(row.id())));
    }

    private static boolean endpointUp(InstanceRow row, HostStatus status) {
        return status.endpoints().stream()
                .anyMatch(open -> open.instanceId().equals(row.id()) && open.up());
    }

    private static Optional<HostStatus.MemberStatus> find(MemberRow member, HostStatus status) {
        return status.members().stream()
                .filter(found -> found.memberId().equals(member.id()))
                .findFirst();
    }

    private Instant now() {
        return clock.instant();
    }
}
