package dev.toygres.orchestrations.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.House;
import dev.toygres.store.AlertStore;
import dev.toygres.store.NotificationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** R3.26, P56: one alert for each key; told of once, again at an interval, and when it is over. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlarmsTest {
    private static final Alert LAG =
            Alert.ofInstance(
                            AlertSeverity.Warning,
                            AlertKind.ReplicaLagging,
                            "pg",
                            "pg-r1 is behind")
                    .part("pg-r1")
                    .with("lagBytes", 7L);

    private final House house = new House("alarms");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
    }

    @Test
    void isOneAlertHoweverOftenItIsRaised() {
        raise(LAG);
        raise(LAG.with("lagBytes", 9L));

        AlertStore.Row only = alerts().getFirst();
        assertThat(alerts()).hasSize(1);
        assertThat(only.key()).isEqualTo("ReplicaLagging/pg/pg-r1");
        assertThat(only.count()).isEqualTo(2);
        assertThat(only.evidence()).containsEntry("lagBytes", 9);
        assertThat(toldOfLog()).containsExactly("Raised");
    }

    @Test
    void isOneAlertWhoeverRaisesItAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> many =
                    IntStream.range(0, 8)
                            .<Callable<String>>mapToObj(
                                    _ ->
                                            () -> {
                                                raise(LAG);
                                                return "";
                                            })
                            .toList();
            for (var done : threads.invokeAll(many)) {
                done.get();
            }
        }

        assertThat(alerts()).hasSize(1);
        assertThat(alerts().getFirst().count()).isEqualTo(8);
        assertThat(toldOfLog()).containsExactly("Raised");
    }

    @Test
    void isAnotherAlertWhenItComesBackAfterItWasOver() {
        raise(LAG);
        resolve();
        resolve();
        raise(LAG);

        assertThat(alerts()).hasSize(2);
        assertThat(alerts().getLast().resolvedAt()).isPresent();
        assertThat(alerts().getFirst().resolvedAt()).isEmpty();
    }

    @Test
    void whatWasNotYetToldIsReplacedByWhatIsNews() {
        raise(LAG);
        resolve();

        assertThat(unfinished()).containsExactly("Resolved");
    }

    @Test
    void isNothingWhenTheCallerRollsBack() {
        house.catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            Alarms.raise(handle, LAG);
                            handle.rollback();
                        });

        assertThat(alerts()).isEmpty();
        assertThat(toldOfLog()).isEmpty();
    }

    @Test
    void isToldAgainAtOnceWhenItMattersMoreEvenIfAcknowledged() {
        raise(LAG);
        acknowledge();
        raise(
                new Alert(
                        LAG.key(),
                        LAG.instanceId(),
                        AlertSeverity.Critical,
                        LAG.kind(),
                        "worse",
                        LAG.evidence()));

        assertThat(alerts().getFirst().acknowledgedAt()).isEmpty();
        assertThat(toldOfLog()).containsExactly("Raised", "Raised");
    }

    @Test
    void isToldOfAgainWhileItLastsAndNeverSilent() {
        raise(LAG);
        assertThat(repeats()).isEmpty();

        age(Duration.ofMinutes(61));
        assertThat(repeats()).hasSize(1);
        assertThat(repeats()).isEmpty();

        acknowledge();
        age(Duration.ofMinutes(61));
        assertThat(repeats()).isEmpty();
        age(Duration.ofHours(25));
        assertThat(repeats()).hasSize(1);

        resolve();
        age(Duration.ofHours(25));
        assertThat(repeats()).isEmpty();
    }

    @Test
    void whatOnlyHappensIsNeverOpen() {
        house.catalogue.jdbi().useTransaction(handle -> Alarms.tell(handle, LAG));

        assertThat(alerts().getFirst().resolvedAt()).isPresent();
        assertThat(toldOfLog()).containsExactly("Happened");
    }

    @Test
    void filtersByStateSeverityAndInstance() {
        raise(LAG);
        raise(Alert.of(AlertSeverity.Critical, AlertKind.DiskNearlyFull, "host-1", "full"));
        acknowledge();

        assertThat(keys(filter("pg", null, null))).containsExactly(LAG.key());
        assertThat(keys(filter(null, AlertStore.Which.acknowledged, null)))
                .containsExactly(LAG.key());
        assertThat(keys(filter(null, AlertStore.Which.open, null)))
                .containsExactly("DiskNearlyFull/host-1");
        assertThat(keys(filter(null, null, AlertSeverity.Critical)))
                .containsExactly("DiskNearlyFull/host-1");
        assertThat(keys(filter(null, AlertStore.Which.resolved, null))).isEmpty();
        assertThat(keys(filter(null, AlertStore.Which.unresolved, null))).hasSize(2);
    }

    private static AlertStore.Filter filter(
            @org.jspecify.annotations.Nullable String instance,
            AlertStore.@org.jspecify.annotations.Nullable Which state,
            @org.jspecify.annotations.Nullable AlertSeverity severity) {
        return new AlertStore.Filter(
                Optional.ofNullable(instance),
                Optional.ofNullable(state),
                Optional.ofNullable(severity));
    }

    private List<String> keys(AlertStore.Filter filter) {
        return house
                .catalogue
                .jdbi()
                .withHandle(handle -> AlertStore.list(handle, filter, 10, Optional.empty()))
                .stream()
                .map(AlertStore.Row::key)
                .toList();
    }

    private void raise(Alert alert) {
        house.catalogue.jdbi().useTransaction(handle -> Alarms.raise(handle, alert));
    }

    private void resolve() {
        house.catalogue.jdbi().useTransaction(handle -> Alarms.resolve(handle, LAG.key()));
    }

    private void acknowledge() {
        long id =
                alerts().stream()
                        .filter(one -> one.key().equals(LAG.key()))
                        .findFirst()
                        .orElseThrow()
                        .id();
        house.catalogue
                .jdbi()
                .useHandle(handle -> AlertStore.acknowledge(handle, id, "somebody", List.of()));
    }

    private List<AlertStore.Row> alerts() {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                AlertStore.list(
                                        handle, AlertStore.Filter.NONE, 10, Optional.empty()));
    }

    private List<String> toldOfLog() {
        return house
                .catalogue
                .jdbi()
                .withHandle(handle -> NotificationStore.list(handle, "log", 10, Optional.empty()))
                .stream()
                .map(one -> one.event().name())
                .toList();
    }

    private List<String> unfinished() {
        return house
                .catalogue
                .jdbi()
                .withHandle(handle -> NotificationStore.list(handle, "log", 10, Optional.empty()))
                .stream()
                .filter(one -> one.endedAt().isEmpty())
                .map(one -> one.event().name())
                .toList();
    }

    private List<Long> repeats() {
        return house.catalogue
                .jdbi()
                .inTransaction(handle -> AlertStore.takeToRepeat(handle, Duration.ofDays(1), 10));
    }

    /** The catalogue's clock is not ours to turn; what it wrote down is. */
    private void age(Duration duration) {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                handle.createUpdate(
                                                "update catalogue.alert set last_notified_at ="
                                                        + " last_notified_at - :s * interval '1 second'")
                                        .bind("s", duration.toSeconds())
                                        .execute());
    }
}
