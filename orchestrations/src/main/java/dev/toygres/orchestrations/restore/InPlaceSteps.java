package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder;
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
import dev.toygres.orchestrations.backup.Archiving;
import dev.toygres.orchestrations.backup.BackupDesk;
import dev.toygres.orchestrations.backup.BackupWish;
import dev.toygres.orchestrations.host.TermGuard;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.replica.Copy;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import dev.toygres.orchestrations.replica.ReplicaInput;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import dev.toygres.store.backup.RepositoryRow;
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
    private static final String NEW_HISTORY = "archiving the new history";

    private final Catalogue catalogue;
    private final Orders orders;
    private final Operations operations;
    private final Archiving archiving;
    private final BackupDesk backups;
    private final InstantSource clock;
    private final Standstill standstill;

    public InPlaceSteps(
            Catalogue catalogue,
            Orders orders,
            Operations operations,
            Endpoints endpoints,
            Archiving archiving,
            BackupDesk backups,
            TermGuard terms,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.operations = operations;
        this.archiving = archiving;
        this.backups = backups;
        this.clock = clock;
        standstill = new Standstill(catalogue, orders, endpoints, terms);
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

    Swap stop(Context context, String id) {
        return standstill.reach(context, id);
    }

    // ---- the way back ----

    /** Whoever fetches for the restore is ended first: the order to undo waits for its end. */
    void abort(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new BackupOrder.AbortBackup(new MemberId(swap.memberId()), swap.nextTerm()));
    }

    /** Nobody has seen the new history: the old one goes on where it was. */
    MemberUp putBack(Attempt attempt, Swap swap) {
        return undo(attempt, swap, Optional.empty());
    }

    /**
     * Others have seen the new history: the old one goes on as the next, so that no two have one
     * number.
     */
    MemberUp undo(Attempt attempt, Swap swap) {
        int newest =
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.attached(handle, swap.instanceId()))
                        .map(RepositoryRow::timeline)
                        .orElse(1);
        return undo(attempt, swap, Optional.of(newest));
    }

    /** The old data was no good, or was not wanted after all. */
    void keepRestored(Attempt attempt, Swap swap) {
        orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new BackupOrder.KeepRestored(new MemberId(swap.memberId()), swap.nextTerm()),
                MemberUp.class);
    }

    private MemberUp undo(Attempt attempt, Swap swap, Optional<Integer> beyond) {
        return orders.carryOut(
                attempt,
                swap.hostId(),
                swap.memberId(),
                new BackupOrder.UndoRestore(new MemberId(swap.memberId()), swap.nextTerm(), beyond),
                MemberUp.class);
    }

    void servesAsBefore(Connection connection, String operationId, String id) {
        Handle handle = Catalogue.within(connection);
        RestoreStore.end(
                handle,
                operationId,
                RestoreStore.State.Failed,
                RestoreStore.find(handle, operationId)
                        .flatMap(RestoreStore.Row::trouble)
                        .or(() -> Optional.of("cancelled")),
                clock.instant());
        RestoreStore.dropped(handle, operationId);
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
        standstill.open(attempt, swap, target);
    }

    void settle(Connection connection, String operationId, Swap swap, Address address) {
        settle(connection, swap, address);
        Handle handle = Catalogue.within(connection);
        RestoreStore.keptOnlyBy(handle, swap.instanceId(), operationId);
        RestoreStore.end(
                handle,
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

    private void settle(Connection connection, Swap swap, Address address) {
        Handle handle = Catalogue.within(connection);
        Standstill.adoptTerm(connection, swap);
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
        servesAgain(connection, swap.instanceId());
    }

    /**
     * P54: the new history is archived at once, from which moment on the older backups lead into
     * it; the replicas follow it, and it gets a backup of its own. A store that is dead just now
     * keeps no replica waiting.
     */
    void rearm(Context context, Swap swap) {
        context.progress(0.85, NEW_HISTORY);
        boolean archives = archivesSoon(context, swap);
        reseed(context, swap);
        if (!archives) {
            context.progress(0.95, NEW_HISTORY);
            context.step(
                    "archive-at-last", RestoreInPlace.FORWARD, attempt -> archive(attempt, swap));
        }
        context.transact("back-up", c -> backUp(c, context.operationId(), swap.instanceId()));
    }

    private boolean archivesSoon(Context context, Swap swap) {
        try {
            context.step(
                    "archive",
                    StepOptions.DEFAULT
                            .attempts(10)
                            .backoff(Duration.ofMillis(100), Duration.ofSeconds(5)),
                    attempt -> archive(attempt, swap));
            return true;
        } catch (StepFailed dead) {
            context.transact("archive-later", _ -> {});
            return false;
        }
    }

    /** The agent let go of the archive where it had the other data ready; a dead store waits. */
    void archiveAgain(Context undo, Swap swap) {
        try {
            undo.step("archive-again", StepOptions.DEFAULT, attempt -> archive(attempt, swap));
        } catch (StepFailed dead) {
            undo.transact("archive-not", _ -> {});
        }
    }

    /** A history of its own: what it wrote before is not overwritten. */
    private void archive(Attempt attempt, Swap swap) {
        archiving.follow(
                attempt, swap.instanceId(), swap.memberId(), swap.hostId(), swap.nextTerm());
    }

    /** One after the other; one that fails is Broken with its reason, and can be rebuilt. */
    private void reseed(Context context, Swap swap) {
        // Named, so that nobody tries its own data: that is of a history that was left.
        Copy fromPrimary = new Copy(Optional.of(swap.memberId()), Optional.empty());
        for (Swap.Replica replica : swap.replicas()) {
            context.progress(0.9, "copying to " + replica.id() + " anew");
            try {
                context.child(
                        "rebuild-" + replica.id(),
                        ReplicaFlows.REBUILD,
                        new ReplicaInput(
                                swap.instanceId(), replica.id(), Optional.of(fromPrimary)));
            } catch (StepFailed broken) {
                context.transact("without-" + replica.id(), _ -> {});
            }
        }
    }

    private void backUp(Connection connection, String restoreId, String id) {
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
}
