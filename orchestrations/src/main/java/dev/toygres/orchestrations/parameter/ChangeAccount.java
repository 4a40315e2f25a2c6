package dev.toygres.orchestrations.parameter;

import dev.toygres.durable.Operations;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StartRequest;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.InstanceState;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.OperationIds;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the catalogue has of a change, from its turn to its end. */
public final class ChangeAccount {
    /** A failover that was decided on has the lane by then. */
    private static final Duration AFTER_FAILOVER = Duration.ofSeconds(10);

    private final Catalogue catalogue;
    private final Operations operations;
    private final InstantSource clock;

    public ChangeAccount(Catalogue catalogue, Operations operations, InstantSource clock) {
        this.catalogue = catalogue;
        this.operations = operations;
        this.clock = clock;
    }

    ParameterChangeRow find(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> ParameterStore.find(handle, id))
                .orElseThrow(() -> new PermanentFailure("the instance is gone"));
    }

    // ---- the lane, for one that waited for its time ----

    /** The instance as it is when the time has come. */
    enum Turn {
        Ours,
        Busy,
        NotRunning,
        Gone
    }

    Turn takeTurn(Connection connection, String operationId, String instanceId) {
        Handle handle = Catalogue.within(connection);
        if (ParameterStore.find(handle, operationId).isEmpty()) {
            return Turn.Gone;
        }
        InstanceState state = InstanceStore.lock(handle, instanceId).state();
        if (state == InstanceState.Deleting) {
            return Turn.Gone;
        }
        if (state == InstanceState.Stopped || state == InstanceState.Failed) {
            return Turn.NotRunning;
        }
        return state == InstanceState.Running
                        && operations.takeLane(connection, operationId, Lanes.of(instanceId))
                ? Turn.Ours
                : Turn.Busy;
    }

    void begin(Connection connection, String changeId) {
        Handle handle = Catalogue.within(connection);
        ParameterChangeRow change = ParameterStore.find(handle, changeId).orElseThrow();
        InstanceRow row = InstanceStore.lock(handle, change.instanceId());
        var before = ParameterStore.agreed(handle, row.id()).set();
        ParameterStore.begin(
                handle,
                changeId,
                before,
                change.request().applyTo(before, change.request().size().orElse(row.size())));
    }

    void agree(Connection connection, String changeId, Course course, long interruptionMs) {
        Handle handle = Catalogue.within(connection);
        ParameterChangeRow change = ParameterStore.find(handle, changeId).orElseThrow();
        ParameterSet next = change.after().orElseThrow();
        PendingChanges.settle(handle, change.instanceId(), changeId, next, course);
        ParameterStore.agree(handle, change.instanceId(), next, clock.instant());
        change.request()
                .size()
                .ifPresent(size -> InstanceStore.resize(handle, change.instanceId(), size));
        ParameterStore.end(
                handle,
                changeId,
                course.later() ? ChangeState.Pending : ChangeState.Applied,
                Optional.empty(),
                Optional.of(interruptionMs).filter(ms -> ms > 0),
                clock.instant());
    }

    void noteFailure(Connection connection, String changeId, ChangeState state, String words) {
        ParameterStore.end(
                Catalogue.within(connection),
                changeId,
                state,
                Optional.of(words),
                Optional.empty(),
                clock.instant());
    }

    void noteFailure(Connection connection, String changeId, StepFailed failure) {
        noteFailure(connection, changeId, ChangeState.Failed, String.valueOf(failure.getMessage()));
    }

    /** By somebody; or for a failover: then it is tried again once that has been given its time. */
    void cancelled(Connection connection, String changeId) {
        Handle handle = Catalogue.within(connection);
        Optional<ParameterChangeRow> open =
                ParameterStore.find(handle, changeId).filter(row -> row.completedAt().isEmpty());
        if (open.isEmpty()) {
            return;
        }
        if (!ParameterStore.madeRoom(handle, changeId)) {
            noteFailure(connection, changeId, ChangeState.Cancelled, "cancelled");
            return;
        }
        String next = again(connection, open.get());
        noteFailure(
                connection,
                changeId,
                ChangeState.Cancelled,
                "it made room for an automatic failover, and is tried again as " + next);
    }

    private String again(Connection connection, ParameterChangeRow former) {
        String id = OperationIds.next(clock);
        Instant at = clock.instant().plus(AFTER_FAILOVER);
        ParameterStore.add(Catalogue.within(connection), former.again(id, at, clock.instant()));
        operations.start(
                connection,
                new StartRequest<>(
                        id,
                        ParameterFlows.SET,
                        new ParameterInput(former.instanceId(), Optional.of(at)),
                        Optional.of(former.instanceId()),
                        Optional.empty()));
        return id;
    }
}
