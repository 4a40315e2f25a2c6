package dev.toygres.orchestrations.drill;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.Checked;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.MemberId;
import dev.toygres.model.Size;
import dev.toygres.model.backup.RestoreWindow;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.NewInstance;
import dev.toygres.orchestrations.restore.RestoreOutcome;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.DrillStore;
import dev.toygres.store.backup.DrillStore.Check;
import dev.toygres.store.backup.DrillStore.Goals;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What a drill does in its steps. */
public final class DrillSteps {
    private final Catalogue catalogue;
    private final Orders orders;
    private final InstantSource clock;

    public DrillSteps(Catalogue catalogue, Orders orders, InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.clock = clock;
    }

    /** Of the throw-away instance: nobody else's, as no two operations have one id. */
    static String nameOf(String operationId) {
        return "drill-" + operationId.substring(operationId.lastIndexOf('-') + 1);
    }

    void begin(Connection connection, String operationId, DrillInput input, Instant asked) {
        Handle handle = Catalogue.within(connection);
        DrillStore.begin(
                handle,
                operationId,
                input.instanceId(),
                asked,
                RestoreWindow.of(BackupCatalogue.archive(handle, repository(handle, input)))
                        .latest(),
                new Goals(
                        input.goalTimeMs().map(Duration::ofMillis),
                        input.goalAgeMs().map(Duration::ofMillis)));
    }

    /**
     * As large as the source, or small where that is gone; wherever there is room. With the
     * source's parameters, as a restore has them that is no rehearsal.
     */
    void place(Connection connection, DrillInput input, String name) {
        Handle handle = Catalogue.within(connection);
        RepositoryRow source = repository(handle, input);
        InstanceDesk.add(
                handle,
                new NewInstance(
                        name,
                        Optional.of(String.valueOf(source.postgresMajor())),
                        InstanceStore.find(handle, input.instanceId())
                                .map(InstanceRow::size)
                                .map(Size::name),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(source.owner()),
                        Optional.of(source.database()),
                        false,
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
        ParameterStore.agree(handle, name, RepositoryStore.agreed(handle, source), clock.instant());
    }

    void restored(
            Connection connection, String operationId, RestoreOutcome restored, Duration took) {
        DrillStore.restored(Catalogue.within(connection), operationId, restored.backupId(), took);
    }

    Checked check(Attempt attempt, DrillInput input, String name) {
        RepositoryRow source = catalogue.jdbi().withHandle(handle -> repository(handle, input));
        Topology drill =
                catalogue
                        .jdbi()
                        .withHandle(handle -> Topology.find(handle, name))
                        .orElseThrow(() -> new PermanentFailure(name + " is gone"));
        MemberRow member = drill.placedPrimary();
        return orders.carryOut(
                attempt,
                member.hostId(),
                member.id(),
                new BackupOrder.CheckMember(
                        new MemberId(member.id()),
                        drill.instance().term(),
                        source.database(),
                        input.queries()),
                Checked.class);
    }

    void checked(Connection connection, String operationId, Checked checked) {
        DrillStore.checked(
                Catalogue.within(connection),
                operationId,
                checked.corruption(),
                checked.sums().stream()
                        .map(sum -> new Check(sum.query(), sum.rows(), sum.sha256(), sum.error()))
                        .toList());
    }

    static List<String> faults(Checked checked) {
        return Stream.concat(
                        checked.corruption().stream(),
                        checked.sums().stream()
                                .flatMap(
                                        sum ->
                                                sum.error().stream()
                                                        .map(
                                                                error ->
                                                                        "%s: %s"
                                                                                .formatted(
                                                                                        sum.query(),
                                                                                        error))))
                .toList();
    }

    DrillOutcome outcome(String operationId) {
        DrillStore.Row row =
                catalogue
                        .jdbi()
                        .withHandle(handle -> DrillStore.find(handle, operationId))
                        .orElseThrow();
        return new DrillOutcome(
                row.instanceId(),
                row.backupId().orElse(""),
                row.restoreTime().map(Duration::toMillis).orElse(0L),
                row.dataAge().map(Duration::toMillis));
    }

    /** It works; whether it is good enough is another question. */
    void passed(Connection connection, String operationId) {
        Handle handle = Catalogue.within(connection);
        DrillStore.Row row = DrillStore.find(handle, operationId).orElseThrow();
        DrillStore.end(
                handle, operationId, DrillStore.State.Passed, Optional.empty(), clock.instant());
        Alarms.resolve(handle, key(AlertKind.RestoreDrillFailed, row));
        List<String> missed = missed(row);
        if (missed.isEmpty()) {
            Alarms.resolve(handle, key(AlertKind.RestoreGoalMissed, row));
        } else {
            Alarms.raise(
                    handle,
                    Alert.ofInstance(
                                    AlertSeverity.Warning,
                                    AlertKind.RestoreGoalMissed,
                                    row.instanceId(),
                                    "a restore of %s would not be good enough: %s"
                                            .formatted(row.instanceId(), String.join(", ", missed)))
                            .with("operationId", operationId));
        }
    }

    private static List<String> missed(DrillStore.Row row) {
        List<String> missed = new ArrayList<>();
        exceeded("it takes", row.restoreTime(), row.goals().restoreTime()).ifPresent(missed::add);
        exceeded("it loses what was written within", row.dataAge(), row.goals().dataAge())
                .ifPresent(missed::add);
        return missed;
    }

    private static Optional<String> exceeded(
            String what, Optional<Duration> is, Optional<Duration> goal) {
        return goal.filter(most -> is.filter(one -> one.compareTo(most) <= 0).isEmpty())
                .map(
                        most ->
                                "%s %s, the goal is %s"
                                        .formatted(
                                                what,
                                                is.map(DrillSteps::seconds)
                                                        .orElse("an unknown time"),
                                                seconds(most)));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }

    void failed(Connection connection, String operationId, StepFailed failure) {
        Handle handle = Catalogue.within(connection);
        DrillStore.Row row = DrillStore.find(handle, operationId).orElseThrow();
        String words = String.valueOf(failure.getMessage());
        DrillStore.end(
                handle, operationId, DrillStore.State.Failed, Optional.of(words), clock.instant());
        Alarms.raise(
                handle,
                Alert.ofInstance(
                                AlertSeverity.Critical,
                                AlertKind.RestoreDrillFailed,
                                row.instanceId(),
                                "%s could not be restored in a drill: %s"
                                        .formatted(row.instanceId(), words))
                        .with("operationId", operationId));
    }

    void cancelled(Connection connection, String operationId) {
        DrillStore.end(
                Catalogue.within(connection),
                operationId,
                DrillStore.State.Failed,
                Optional.of("cancelled"),
                clock.instant());
    }

    private static String key(AlertKind kind, DrillStore.Row row) {
        return kind + "/" + row.instanceId();
    }

    private static RepositoryRow repository(Handle handle, DrillInput input) {
        return RepositoryStore.find(handle, input.repositoryId())
                .orElseThrow(() -> new PermanentFailure("the repository is gone"));
    }
}
