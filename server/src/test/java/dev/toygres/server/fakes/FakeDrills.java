package dev.toygres.server.fakes;

import dev.toygres.orchestrations.drill.DrillWish;
import dev.toygres.orchestrations.drill.Drills;
import dev.toygres.store.backup.DrillStore;
import dev.toygres.store.backup.DrillStore.Goals;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** A desk that rehearses on paper. */
public final class FakeDrills implements Drills {
    private final FakeOperations operations;

    public FakeDrills(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public String start(String instanceId, DrillWish wish) {
        return operations.begin("RestoreDrill", instanceId);
    }

    @Override
    public List<DrillStore.Row> list(String instanceId, int limit, Optional<String> before) {
        return List.of();
    }

    @Override
    public DrillStore.Plan plan(String instanceId, DrillWish wish) {
        return new DrillStore.Plan(
                instanceId,
                wish.cron().orElse("0 4 * * 6"),
                ZoneId.of("UTC"),
                wish.queries().orElse(List.of()),
                new Goals(wish.restoreTime(), wish.dataAge()),
                Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Override
    public DrillStore.Plan plan(String instanceId) {
        return plan(
                instanceId,
                new DrillWish(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Override
    public void unplan(String instanceId) {
        // Nothing is scheduled here.
    }
}
