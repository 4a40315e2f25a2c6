package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.model.Durability;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.OldPrimaryAction;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.Successor;
import dev.toygres.model.Successor.Candidate;
import dev.toygres.model.health.AutoFailover;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.instance.InstanceView.FailoverRisk;
import dev.toygres.orchestrations.replica.ReplicaDesk;
import dev.toygres.orchestrations.replica.ReplicaView;
import dev.toygres.store.Catalogue;
import dev.toygres.store.FailoverStore;
import dev.toygres.store.HealthStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;

/**
 * The desk for failovers: everything that can be known beforehand is checked before the primary is
 * touched.
 */
public final class FailoverDesk implements Failovers {
    private static final Duration SYNC_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final String NOT_POSSIBLE = "failover-not-possible";

    /** Within that whoever lost a primary that was restarted follows it again. */
    private static final Duration RECONNECT = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final List<String> STEPS =
            List.of(
                    "wait until the target is level",
                    "checkpoint the primary",
                    "hold new clients, let transactions end",
                    "stop the primary and confirm it",
                    "let the target receive the last byte",
                    "promote the target in a new term",
                    "point the endpoints at it",
                    "take the other replicas along",
                    "deal with the old primary");

    private final Catalogue catalogue;
    private final Lanes lanes;
    private final ReplicaDesk replicas;
    private final Agents agents;
    private final InstantSource clock;

    public FailoverDesk(
            Catalogue catalogue,
            Lanes lanes,
            ReplicaDesk replicas,
            Agents agents,
            InstantSource clock) {
        this.clock = clock;
        this.agents = agents;
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.replicas = replicas;
    }

    @Override
    public String start(String instanceId, FailoverWish wish) {
        long end = System.nanoTime() + RECONNECT.toNanos();
        // Who no longer reconnects may be well by now: then there is one more try.
        boolean mayPass = true;
        while (true) {
            try {
                return lanes.afterHousekeeping(instanceId, () -> tryStart(instanceId, wish));
            } catch (Refused refused) {
                if (!refused.code().equals(NOT_POSSIBLE) || System.nanoTime() > end || !mayPass) {
                    throw refused;
                }
                mayPass = mayPass(instanceId, wish);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Whoever could be the target is up and may only be reconnecting: no reason to refuse yet. */
    private boolean mayPass(String instanceId, FailoverWish wish) {
        return replicas.list(instanceId).stream()
                .filter(one -> wish.targetReplicaId().filter(id -> !id.equals(one.id())).isEmpty())
                .anyMatch(FailoverDesk::isReconnecting);
    }

    private static boolean isReconnecting(ReplicaView one) {
        return one.state() == ReplicaState.Syncing
                || (one.state() == ReplicaState.Streaming && one.lagBytes().isEmpty());
    }

    private String tryStart(String instanceId, FailoverWish wish) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = InstanceStore.lock(handle, instanceId);
                            lanes.refuseWhileBusy(instanceId);
                            FailoverPlan plan = plan(handle, row, wish);
                            if (!plan.possible()) {
                                throw Refused.conflict(
                                        NOT_POSSIBLE, String.join("; ", plan.reasons()));
                            }
                            InstanceStore.move(handle, instanceId, InstanceEvent.failoverRequested);
                            return lanes.start(
                                    handle,
                                    FailoverFlows.MANUAL,
                                    instanceId,
                                    input(instanceId, plan.target().orElseThrow(), wish));
                        });
    }

    @Override
    public FailoverPlan plan(String instanceId, FailoverWish wish) {
        FailoverPlan plan =
                catalogue
                        .jdbi()
                        .inTransaction(
                                handle -> {
                                    InstanceRow row =
                                            InstanceStore.find(handle, instanceId)
                                                    .orElseThrow(
                                                            () ->
                                                                    Refused.notFound(
                                                                            "instance",
                                                                            instanceId));
                                    return plan(handle, row, wish);
                                });
        return plan.cutting(cut(plan.oldPrimary(), wish));
    }

    /** Outside of any transaction: an agent may take its time. */
    private Optional<WouldBeCut> cut(String primary, FailoverWish wish) {
        Duration patience = wish.drainTimeout().orElse(DRAIN_TIMEOUT);
        try {
            return catalogue
                    .jdbi()
                    .withHandle(handle -> MemberStore.find(handle, primary))
                    .map(member -> agents.of(member.hostId()).sessions(primary))
                    .map(seen -> WouldBeCut.of(seen, patience));
        } catch (AgentUnreachable | AgentRefusal away) {
            return Optional.empty();
        }
    }

    private FailoverPlan plan(Handle handle, InstanceRow row, FailoverWish wish) {
        checkFields(wish);
        Topology topology = Topology.of(handle, row);
        List<ReplicaView> views = replicas.views(handle, topology);
        Optional<String> target =
                wish.targetReplicaId()
                        .or(
                                () ->
                                        Successor.choose(candidates(views), Long.MAX_VALUE)
                                                .map(Candidate::id));
        List<String> reasons = reasons(topology, views, target, wish);
        return new FailoverPlan(
                row.id(),
                row.incumbent().orElse(""),
                target,
                reasons.isEmpty(),
                reasons,
                target.flatMap(id -> find(views, id)).flatMap(ReplicaView::lagBytes),
                usualInterruption(handle, row.id()),
                Optional.empty(),
                STEPS);
    }

    private static List<String> reasons(
            Topology topology,
            List<ReplicaView> views,
            Optional<String> target,
            FailoverWish wish) {
        List<String> reasons = new ArrayList<>();
        if (topology.instance().state() != InstanceState.Running) {
            reasons.add(
                    "instance %s is %s; it must be Running"
                            .formatted(topology.instance().id(), topology.instance().state()));
        }
        if (target.isEmpty()) {
            reasons.add("no replica can take over: " + states(views));
        }
        target.ifPresent(id -> reasons.addAll(faults(topology, views, id)));
        if (!wish.waitForSync().orElse(true)) {
            target.flatMap(id -> find(views, id))
                    .filter(one -> one.state() == ReplicaState.Lagging)
                    .ifPresent(one -> reasons.add(tooFarBehind(one)));
        }
        if (leavesNobody(topology, target, wish)) {
            reasons.add(
                    "no sync replica would be left, and with strict durability every commit would"
                            + " wait: add one, or convert the old primary");
        }
        return reasons;
    }

    /** While it received the rest, nobody could write. */
    private static String tooFarBehind(ReplicaView one) {
        return "%s is %d bytes behind, more than its maxLagBytes: have it wait for sync first"
                .formatted(one.id(), one.lagBytes().orElse(0L));
    }

    private static List<String> faults(Topology topology, List<ReplicaView> views, String id) {
        Optional<ReplicaView> view = find(views, id);
        if (topology.primary().filter(one -> one.id().equals(id)).isPresent()) {
            return List.of(id + " is the primary already");
        }
        if (view.isEmpty()) {
            throw Refused.notFound("replica", id);
        }
        return candidate(view.get())
                .fault()
                .map(fault -> List.of(id + " " + fault))
                .orElse(List.of());
    }

    private static boolean leavesNobody(
            Topology topology, Optional<String> target, FailoverWish wish) {
        boolean gated =
                topology.instance().durability() == Durability.strict
                        && topology.replicas().stream()
                                .anyMatch(one -> one.mode() == ReplicationMode.Sync);
        boolean comesBack = action(wish).equals(Optional.of(OldPrimaryAction.ConvertToReplica));
        return gated
                && !comesBack
                && topology.readyReplicas().stream()
                        .filter(one -> !target.equals(Optional.of(one.id())))
                        .noneMatch(one -> one.mode() == ReplicationMode.Sync);
    }

    private static void checkFields(FailoverWish wish) {
        List<FieldFault> faults = new ArrayList<>();
        if (action(wish).isEmpty()) {
            faults.add(
                    new FieldFault(
                            "options.oldPrimaryAction",
                            "must be one of " + Arrays.toString(OldPrimaryAction.values())));
        }
        duration("options.syncTimeout", wish.syncTimeout()).ifPresent(faults::add);
        duration("options.drainTimeout", wish.drainTimeout()).ifPresent(faults::add);
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    private static Optional<FieldFault> duration(String field, Optional<Duration> value) {
        return value.filter(one -> one.isNegative() || one.compareTo(LONGEST) > 0)
                .map(one -> new FieldFault(field, "must be from PT0S to " + LONGEST));
    }

    private static Optional<OldPrimaryAction> action(FailoverWish wish) {
        String name = wish.oldPrimaryAction().orElse(OldPrimaryAction.ConvertToReplica.name());
        return Arrays.stream(OldPrimaryAction.values())
                .filter(one -> one.name().equals(name))
                .findFirst();
    }

    private static FailoverInput input(String instanceId, String target, FailoverWish wish) {
        return new FailoverInput(
                instanceId,
                target,
                wish.waitForSync().orElse(true),
                wish.syncTimeout().orElse(SYNC_TIMEOUT).toMillis(),
                wish.drainTimeout().orElse(DRAIN_TIMEOUT).toMillis(),
                action(wish).orElseThrow(),
                Optional.empty());
    }

    /** Who would take over now, and what would be lost if the primary's host burnt down. */
    public Optional<FailoverRisk> risk(Handle handle, Topology topology) {
        if (topology.primary().isEmpty()) {
            return Optional.empty();
        }
        List<ReplicaView> views = replicas.views(handle, topology);
        return Optional.of(
                Successor.choose(candidates(views), Long.MAX_VALUE)
                        .map(best -> risk(handle, topology.instance().id(), best))
                        .orElseGet(
                                () ->
                                        new FailoverRisk(
                                                Optional.empty(),
                                                Optional.empty(),
                                                views.isEmpty()
                                                        ? "there is no replica"
                                                        : "no replica can take over: "
                                                                + states(views))));
    }

    /** Nobody should count on a failover that does not come by itself. */
    private FailoverRisk risk(Handle handle, String instanceId, Candidate best) {
        long lag = best.lagBytes().orElse(0L);
        HealthStore.Monitor monitor = HealthStore.monitor(handle, instanceId);
        Optional<String> bar =
                AutoFailover.bar(
                                monitor.config(),
                                monitor.pause(),
                                HealthStore.automaticFailovers(handle, instanceId),
                                clock.instant())
                        .or(
                                () ->
                                        Optional.of("that is more than maxEligibleLagBytes")
                                                .filter(
                                                        _ ->
                                                                lag
                                                                        > monitor.config()
                                                                                .maxEligibleLagBytes()));
        return new FailoverRisk(
                Optional.of(best.id()),
                best.lagBytes(),
                bar.map(
                                why ->
                                        "%s could take over, %d bytes behind, but not by itself: %s"
                                                .formatted(best.id(), lag, why))
                        .orElse("%s would take over, %d bytes behind".formatted(best.id(), lag)));
    }

    private static String states(List<ReplicaView> views) {
        if (views.isEmpty()) {
            return "there is none";
        }
        return String.join(
                "; ",
                views.stream()
                        .map(one -> one.id() + " " + candidate(one).fault().orElse("could"))
                        .toList());
    }

    private static List<Candidate> candidates(List<ReplicaView> views) {
        return views.stream().map(FailoverDesk::candidate).toList();
    }

    private static Candidate candidate(ReplicaView view) {
        return new Candidate(
                view.id(), view.state(), view.promotable(), view.priority(), view.lagBytes());
    }

    private static Optional<ReplicaView> find(List<ReplicaView> views, String id) {
        return views.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /** The middle one of the last planned ones: one bad day does not make a rule. */
    private static Optional<Long> usualInterruption(Handle handle, String instanceId) {
        List<Long> sorted =
                FailoverStore.list(handle, instanceId, 20, Optional.empty()).stream()
                        .filter(one -> one.cause().equals("manual"))
                        .flatMap(one -> one.interruptionMs().stream())
                        .limit(5)
                        .sorted()
                        .toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
    }

    @Override
    public List<FailoverView> list(String instanceId, int limit, Optional<String> before) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            List<FailoverStore.Row> rows =
                                    FailoverStore.list(handle, instanceId, limit, before);
                            if (rows.isEmpty()
                                    && InstanceStore.find(handle, instanceId).isEmpty()) {
                                throw Refused.notFound("instance", instanceId);
                            }
                            return rows;
                        })
                .stream()
                .map(FailoverDesk::view)
                .toList();
    }

    @Override
    public FailoverView get(String instanceId, String operationId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> FailoverStore.find(handle, operationId))
                .filter(row -> row.instanceId().equals(instanceId))
                .map(FailoverDesk::view)
                .orElseThrow(() -> Refused.notFound("failover", operationId));
    }

    private static FailoverView view(FailoverStore.Row row) {
        return new FailoverView(
                row.operationId(),
                row.instanceId(),
                row.state(),
                row.cause(),
                row.reason(),
                row.startedAt(),
                row.completedAt(),
                row.oldPrimary(),
                row.newPrimary(),
                row.lagAtStart(),
                row.dataLossBytes(),
                row.interruptionMs(),
                row.proof());
    }
}
