package dev.toygres.orchestrations.drill;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.backup.Cron;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.backup.DrillStore;
import dev.toygres.store.backup.DrillStore.Goals;
import dev.toygres.store.backup.DrillStore.Plan;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The desk on the catalogue: a wish and its operation are one transaction. */
public final class DrillDesk implements Drills {
    private static final int MOST_QUERIES = 20;

    private final Catalogue catalogue;
    private final Lanes lanes;
    private final InstantSource clock;

    public DrillDesk(Catalogue catalogue, Lanes lanes, InstantSource clock) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.clock = clock;
    }

    @Override
    public String start(String instanceId, DrillWish wish) {
        refuse(faults(wish));
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            Optional<Plan> plan = DrillStore.plan(handle, instanceId);
                            List<String> queries =
                                    wish.queries()
                                            .or(() -> plan.map(Plan::queries))
                                            .orElse(List.of());
                            Goals goals =
                                    new Goals(
                                            wish.restoreTime()
                                                    .or(
                                                            () ->
                                                                    plan.flatMap(
                                                                            one ->
                                                                                    one.goals()
                                                                                            .restoreTime())),
                                            wish.dataAge()
                                                    .or(
                                                            () ->
                                                                    plan.flatMap(
                                                                            one ->
                                                                                    one.goals()
                                                                                            .dataAge())));
                            return start(handle, instanceId, queries, goals);
                        });
    }

    /** Also of one that is due. */
    String start(Handle handle, String instanceId, List<String> queries, Goals goals) {
        DrillInput input =
                new DrillInput(
                        instanceId,
                        repository(handle, instanceId).id(),
                        queries,
                        goals.restoreTime().map(Duration::toMillis),
                        goals.dataAge().map(Duration::toMillis));
        return lanes.startDrill(handle, DrillFlows.DRILL, instanceId, input);
    }

    private static RepositoryRow repository(Handle handle, String instanceId) {
        return RepositoryStore.current(handle, instanceId)
                .orElseThrow(
                        () -> {
                            requireInstance(handle, instanceId);
                            return new Refused(
                                    Refused.Kind.NotFound,
                                    "backup-schedule-not-found",
                                    "%s has no backups to rehearse with".formatted(instanceId));
                        });
    }

    private static void requireInstance(Handle handle, String instanceId) {
        if (InstanceStore.find(handle, instanceId).isEmpty()) {
            throw Refused.notFound("instance", instanceId);
        }
    }

    @Override
    public List<DrillStore.Row> list(String instanceId, int limit, Optional<String> before) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            List<DrillStore.Row> found =
                                    DrillStore.list(handle, instanceId, limit, before);
                            if (found.isEmpty()
                                    && RepositoryStore.of(handle, instanceId).isEmpty()) {
                                requireInstance(handle, instanceId);
                            }
                            return found;
                        });
    }

    @Override
    public Plan plan(String instanceId, DrillWish wish) {
        List<FieldFault> faults = new ArrayList<>(faults(wish));
        ZoneId zone = zone(wish, faults);
        String cron = wish.cron().orElse("");
        fault(cron, zone).ifPresent(words -> faults.add(new FieldFault("cron", words)));
        refuse(faults);
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceStore.lock(handle, instanceId);
                            repository(handle, instanceId);
                            Plan plan =
                                    new Plan(
                                            instanceId,
                                            cron,
                                            zone,
                                            wish.queries().orElse(List.of()),
                                            new Goals(wish.restoreTime(), wish.dataAge()),
                                            clock.instant());
                            DrillStore.plan(handle, plan);
                            return plan;
                        });
    }

    private static ZoneId zone(DrillWish wish, List<FieldFault> faults) {
        try {
            return ZoneId.of(wish.timeZone().orElse("UTC"));
        } catch (DateTimeException none) {
            faults.add(new FieldFault("timeZone", "must be a time zone such as Europe/Berlin"));
            return ZoneId.of("UTC");
        }
    }

    private static Optional<String> fault(String cron, ZoneId zone) {
        try {
            Cron.parse(cron, zone);
            return Optional.empty();
        } catch (IllegalArgumentException none) {
            return Optional.of(String.valueOf(none.getMessage()));
        }
    }

    private static List<FieldFault> faults(DrillWish wish) {
        List<FieldFault> faults = new ArrayList<>();
        List<String> queries = wish.queries().orElse(List.of());
        if (queries.size() > MOST_QUERIES || queries.stream().anyMatch(String::isBlank)) {
            faults.add(
                    new FieldFault(
                            "queries", "must be at most %d queries".formatted(MOST_QUERIES)));
        }
        wish.restoreTime()
                .filter(one -> !one.isPositive())
                .ifPresent(_ -> faults.add(new FieldFault("maxRestoreTime", "must be positive")));
        wish.dataAge()
                .filter(one -> !one.isPositive())
                .ifPresent(_ -> faults.add(new FieldFault("maxDataAge", "must be positive")));
        return faults;
    }

    private static void refuse(List<FieldFault> faults) {
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    @Override
    public Plan plan(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            requireInstance(handle, instanceId);
                            return DrillStore.plan(handle, instanceId)
                                    .orElseThrow(
                                            () ->
                                                    new Refused(
                                                            Refused.Kind.NotFound,
                                                            "drill-schedule-not-found",
                                                            "no drills of %s are scheduled"
                                                                    .formatted(instanceId)));
                        });
    }

    @Override
    public void unplan(String instanceId) {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            requireInstance(handle, instanceId);
                            DrillStore.unplan(handle, instanceId);
                        });
    }
}
