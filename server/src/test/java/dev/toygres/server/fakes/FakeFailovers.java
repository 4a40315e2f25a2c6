package dev.toygres.server.fakes;

import dev.toygres.agentapi.MemberSessions;
import dev.toygres.model.FailoverState;
import dev.toygres.model.OldPrimaryAction;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.orchestrations.failover.FailoverPlan;
import dev.toygres.orchestrations.failover.FailoverView;
import dev.toygres.orchestrations.failover.FailoverWish;
import dev.toygres.orchestrations.failover.Failovers;
import dev.toygres.orchestrations.failover.WouldBeCut;
import dev.toygres.orchestrations.replica.ReplicaView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A desk for failovers: whoever is asked for becomes primary, on paper. */
public final class FakeFailovers implements Failovers {
    private final FakeReplicas replicas;
    private final FakeOperations operations;
    private final ConcurrentLinkedDeque<FailoverView> failovers = new ConcurrentLinkedDeque<>();
    public final ConcurrentLinkedDeque<FailoverWish> wishes = new ConcurrentLinkedDeque<>();

    public FakeFailovers(FakeReplicas replicas, FakeOperations operations) {
        this.replicas = replicas;
        this.operations = operations;
    }

    @Override
    public String start(String instanceId, FailoverWish wish) {
        FailoverPlan plan = plan(instanceId, wish);
        if (!plan.possible()) {
            throw Refused.conflict("no-candidate", String.join("; ", plan.reasons()));
        }
        String id = operations.begin("ManualFailover", instanceId);
        failovers.addFirst(
                new FailoverView(
                        id,
                        instanceId,
                        FailoverState.Completed,
                        "manual",
                        Optional.empty(),
                        Instant.parse("2026-11-01T10:00:00Z"),
                        Optional.of(Instant.parse("2026-11-01T10:00:01Z")),
                        plan.oldPrimary(),
                        plan.target().orElseThrow(),
                        Optional.of(4096L),
                        Optional.of(0L),
                        Optional.of(123L),
                        Optional.of("the guard of " + plan.oldPrimary() + " saw it stop")));
        return id;
    }

    @Override
    public FailoverPlan plan(String instanceId, FailoverWish wish) {
        wishes.addFirst(wish);
        Optional<ReplicaView> target = target(instanceId, wish);
        return new FailoverPlan(
                instanceId,
                instanceId + "-m1",
                target.map(ReplicaView::id),
                target.isPresent(),
                target.isPresent() ? List.of() : List.of("there is no replica to promote"),
                target.flatMap(ReplicaView::lagBytes),
                Optional.empty(),
                Optional.of(
                        new WouldBeCut(
                                7,
                                2,
                                1,
                                List.of(
                                        new MemberSessions.OpenTransaction(
                                                "app", "report", "app", "active", 60_000)))),
                List.of("checkpoint", "fence", "promote"));
    }

    private Optional<ReplicaView> target(String instanceId, FailoverWish wish) {
        List<ReplicaView> there = replicas.list(instanceId);
        var faults = new ArrayList<FieldFault>();
        FakeReplicas.word("oldPrimaryAction", wish.oldPrimaryAction(), OldPrimaryAction.values())
                .ifPresent(faults::add);
        wish.targetReplicaId()
                .filter(id -> there.stream().noneMatch(replica -> replica.id().equals(id)))
                .ifPresent(_ -> faults.add(new FieldFault("targetReplicaId", "is no replica")));
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return there.stream()
                .filter(ReplicaView::promotable)
                .filter(replica -> replica.id().equals(wish.targetReplicaId().orElse(replica.id())))
                .findFirst();
    }

    @Override
    public List<FailoverView> list(String instanceId, int limit, Optional<String> before) {
        replicas.list(instanceId);
        return failovers.stream()
                .filter(failover -> failover.instanceId().equals(instanceId))
                .filter(f -> before.isEmpty() || f.operationId().compareTo(before.get()) < 0)
                .limit(limit)
                .toList();
    }

    @Override
    public FailoverView get(String instanceId, String operationId) {
        return list(instanceId, Integer.MAX_VALUE, Optional.empty()).stream()
                .filter(failover -> failover.operationId().equals(operationId))
                .findFirst()
                .orElseThrow(() -> Refused.notFound("failover", operationId));
    }
}
