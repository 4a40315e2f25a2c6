package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.backup.Archiving;
import dev.toygres.orchestrations.backup.BackupDesk;
import dev.toygres.orchestrations.backup.BackupWish;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import dev.toygres.orchestrations.replica.ReplicaInput;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.RestoreStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What a restore in place and its undoing do in their steps. */
public final class InPlaceSteps {
    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Operations operations;
    private final Endpoints endpoints;
    private final Archiving archiving;
    private final BackupDesk backups;
    private final InstantSource clock;

    public InPlaceSteps(
            Catalogue catalogue,
            Orders orders,
            Operations operations,
            Endpoints endpoints,
            Archiving archiving,
            BackupDesk backups,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.operations = operations;
        this.endpoints = endpoints;
        this.archiving = archiving;
        this.backups = backups;
        this.clock = clock;
    }

    /** One that began before us ends first; no other begins while we are at work. */
    void waitForBackups(Context context, String id) {
        for (int turn = 0; ; turn++) {
            boolean free =
                    context.transact(
                            "see-backups-end-" + turn,
                            Boolean.class,
                            _ -> operations.holder(Lanes.ofBackups(id)).isEmpty());
            if (free) {
                return;
            }
            context.progress(0.05, "waiting for the backup that is being taken");
            context.sleep("wait-for-backup-" + turn, Duration.ofSeconds(Math.min(30, 1 + turn)));
        }
    }

    // ---- stopping it ----

    /** S12: nothing leans on the replicas, the next term is open, the primary is down for sure. */
    Swap stop(Context context, String id, StepOptions back) {
        Swap swap = context.transact("find-members", Swap.class, c -> swap(c, id));
        context.step("claim-primary", StepOptions.DEFAULT, attempt -> claim(attempt, swap));
        context.onUndo("resume-primary", back, attempt -> resume(attempt, swap));
        context.transact("open-term", c -> openTerm(c, swap));
        context.step("lean-on-nobody", StepOptions.DEFAULT, attempt -> leanOnNobody(attempt, swap));
        for (Swap.Replica replica : swap.replicas()) {
            stopReplica(context, swap, replica);
        }
        context.progress(0.1, "stopping " + swap.memberId());
        context.step("hold-endpoint", StepOptions.DEFAULT, attempt -> hold(attempt, swap));
        context.step(
                "fence-primary",
                StepOptions.DEFAULT.attempts(3).attemptTimeout(Duration.ofMinutes(5)),
                attempt -> fence(attempt, swap));
        return swap;
    }

    /** One whose host is away is copied anew when it is back: it follows nobody in the new term. */
    private void stopReplica(Context context, Swap swap, Swap.Replica replica) {
        try {
            context.step(
                    "stop-" + replica.id(),
                    StepOptions.DEFAULT.attempts(2),
                    attempt -> stopReplica(attempt, swap, replica));
        } catch (StepFailed away) {
            context.transact("leave-" + replica.id(), _ -> {});
        }
    }

    private void stopReplica(Attempt attempt, Swap swap, Swap.Replica replica) {
        orders.claim(attempt, replica.hostId(), replica.id());
        orders.carryOut(
                attempt,
                replica.hostId(),
                replica.id(),
                new Order.StopMember(
                        new MemberId(replica.id()), swap.term(), dev.toygres.model.StopMode.Fast));
    }

    private static Swap swap(Connection connection, String id) {
        Topology topology = Topology.find(Catalogue.within(connection), id).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        return new Swap(
                id,
                topology.instance().term(),
                primary.id(),
                primary.hostId(),
                topology.replicas().stream()
                        .filter(one -> one.stage() == MemberRow.Stage.Ready)
                        .map(one -> new Swap.Replica(one.id(), one.hostId()))
                        .toList());
    }

    private static void openTerm(Connection connection, Swap swap) {
        Handle handle = Catalogue.within(connection);
        InstanceStore.openTerm(handle, swap.instanceId(), swap.term(), swap.memberId());
        InstanceStore.planSync(handle, swap.instanceId(), swap.nextTerm(), List.of());
        InstanceStore.readers(handle, swap.instanceId(), List.of());
    }

    private void claim(Attempt attempt, Swap swap) {
        orders.claim(attempt, swap.hostId(), swap.memberId());
    }

    private void leanOnNobody(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new Order.SyncStandbys(new MemberId(swap.memberId()), swap.term(), 1, List.of()));
    }

    private void hold(Attempt attempt, Swap swap) {
        endpoints.hold(attempt, topology(swap).instance(), swap.nextTerm(), DRAIN);
    }

    private void fence(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new Order.FenceMember(new MemberId(swap.memberId()), swap.nextTerm()),
                Fenced.class);
    }

    // ---- the way back ----

    /** The primary adopts the open term with the data that it has; true again if done again. */
    private void resume(Attempt attempt, Swap swap) {
        MemberUp up =
                orders.carryOut(
                        attempt,
                        swap.hostId(),
                        swap.memberId(),
                        new Order.UnfenceMember(new MemberId(swap.memberId()), swap.nextTerm()),
                        MemberUp.class);
        open(attempt, swap, up.address());
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            InstanceStore.settleTerm(
                                    handle, swap.instanceId(), swap.nextTerm(), swap.memberId());
                            InstanceStore.confirmSync(handle, swap.instanceId(), swap.nextTerm());
                        });
        for (Swap.Replica replica : swap.replicas()) {
            orders.carryOut(
                    attempt,
                    replica.hostId(),
                    replica.id(),
                    new Order.StartMember(
                            new MemberId(replica.id()), swap.nextTerm(), Optional.empty()),
                    MemberUp.class);
        }
    }

    /** What is kept from here on is ours; what an earlier restore kept is gone for good. */
    void dropKept(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new BackupOrder.DropKept(new MemberId(swap.memberId()), swap.nextTerm()));
        catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                RestoreStore.undoable(handle, swap.instanceId())
                                        .ifPresent(
                                                row ->
                                                        RestoreStore.dropped(
                                                                handle, row.operationId())));
    }

    MemberUp undo(Attempt attempt, Swap swap) {
        return orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new BackupOrder.UndoRestore(new MemberId(swap.memberId()), swap.nextTerm()),
                MemberUp.class);
    }

    void servesAsBefore(Connection connection, String operationId, String id) {
        RestoreStore.end(
                Catalogue.within(connection),
                operationId,
                RestoreStore.State.Failed,
                RestoreStore.find(Catalogue.within(connection), operationId)
                        .flatMap(RestoreStore.Row::trouble)
                        .or(() -> Optional.of("cancelled")),
                clock.instant());
        RestoreStore.dropped(Catalogue.within(connection), operationId);
        servesAgain(connection, id);
    }

    /** Somebody may have asked for its deletion meanwhile: that stays so. */
    void servesAgain(Connection connection, String id) {
        Handle handle = Catalogue.within(connection);
        if (InstanceStore.lock(handle, id).state() == InstanceState.Restoring) {
            InstanceStore.move(handle, id, InstanceEvent.started);
        }
    }

    // ---- forward ----

    void open(Attempt attempt, Swap swap, Address target) {
        endpoints.open(
                attempt,
                topology(swap).instance(),
                swap.hostId(),
                swap.nextTerm(),
                target,
                List.of());
    }

    void settle(Connection connection, String operationId, Swap swap, Address address) {
        settle(connection, swap, address);
        RestoreStore.end(
                Catalogue.within(connection),
                operationId,
                RestoreStore.State.Completed,
                Optional.empty(),
                clock.instant());
    }

    void settleUndone(Connection connection, String restoreId, Swap swap, Address address) {
        settle(connection, swap, address);
        Handle handle = Catalogue.within(connection);
        RestoreStore.end(
                handle, restoreId, RestoreStore.State.Undone, Optional.empty(), clock.instant());
        RestoreStore.dropped(handle, restoreId);
    }

    private static void settle(Connection connection, Swap swap, Address address) {
        Handle handle = Catalogue.within(connection);
        InstanceStore.settleTerm(handle, swap.instanceId(), swap.nextTerm(), swap.memberId());
        InstanceStore.confirmSync(handle, swap.instanceId(), swap.nextTerm());
        String system =
                MemberStore.find(handle, swap.memberId())
                        .flatMap(MemberRow::systemIdentifier)
                        .orElse("");
        MemberStore.up(handle, swap.memberId(), address.host(), address.port(), system);
        swap.replicas()
                .forEach(
                        replica ->
                                MemberStore.stage(
                                        handle,
                                        replica.id(),
                                        MemberRow.Stage.Broken,
                                        Optional.of(
                                                "of a history that was left: to be copied anew")));
    }

    /** A history of its own: what it wrote before is not overwritten. */
    void archive(Attempt attempt, Swap swap) {
        archiving.follow(
                attempt, swap.instanceId(), swap.memberId(), swap.hostId(), swap.nextTerm());
    }

    /** One after the other; one that fails is Broken with its reason, and can be rebuilt. */
    void reseed(Context context, Swap swap) {
        context.transact("serve", c -> servesAgain(c, swap.instanceId()));
        for (Swap.Replica replica : swap.replicas()) {
            context.progress(0.9, "copying to " + replica.id() + " anew");
            try {
                context.child(
                        "rebuild-" + replica.id(),
                        ReplicaFlows.REBUILD,
                        new ReplicaInput(swap.instanceId(), replica.id()));
            } catch (StepFailed broken) {
                context.transact("without-" + replica.id(), _ -> {});
            }
        }
    }

    /** P54: the new history has a backup of its own at once. */
    void complete(Connection connection, String restoreId, String id) {
        Handle handle = Catalogue.within(connection);
        boolean busy = operations.holder(Lanes.ofBackups(id)).isPresent();
        if (busy || RepositoryStore.attached(handle, id).isEmpty()) {
            return;
        }
        backups.begin(
                handle,
                id,
                BackupKind.Full,
                new BackupWish(
                        "Full", List.of(), false, Optional.of("after the restore " + restoreId)),
                "after-restore");
    }

    RestoreOutcome undone(UndoInput input) {
        RestoreStore.Row row =
                catalogue
                        .jdbi()
                        .withHandle(handle -> RestoreStore.find(handle, input.restoreId()))
                        .orElseThrow();
        return new RestoreOutcome(
                input.instanceId(), row.backupId().orElse(""), Optional.empty(), "");
    }

    private Topology topology(Swap swap) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, swap.instanceId()))
                .orElseThrow();
    }
}
