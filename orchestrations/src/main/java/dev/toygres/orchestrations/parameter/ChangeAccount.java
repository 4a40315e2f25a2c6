package dev.toygres.orchestrations.parameter;

import dev.toygres.durable.Operations;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.InstanceState;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the catalogue has of a change, from its turn to its end. */
public final class ChangeAccount {
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
                handle, changeId, before, change.request().applyTo(before, row.size()));
    }

    void agree(Connection connection, String changeId, boolean later, long interruptionMs) {
        Handle handle = Catalogue.within(connection);
        ParameterChangeRow change = ParameterStore.find(handle, changeId).orElseThrow();
        ParameterStore.agree(
                handle, change.instanceId(), change.after().orElseThrow(), clock.instant());
        ParameterStore.end(
                handle,
                changeId,
                later ? ChangeState.Pending : ChangeState.Applied,
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
        noteFailure(
                connection,
                changeId,
                ChangeState.Failed,
                failure.step() + ": " + failure.getMessage());
    }

    void cancelled(String changeId) {
        catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                ParameterStore.end(
                                        handle,
                                        changeId,
                                        ChangeState.Cancelled,
                                        Optional.of("cancelled"),
                                        Optional.empty(),
                                        clock.instant()));
    }
}
