package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.backup.BackupWish;
import dev.toygres.store.backup.BackupRow;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Logical backups, and new instances of them (R4.4, R4.5, R4.48, R4.49, R6.4). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreDumpTest {
    private final House house = new House("restore_dumps");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        Backed.up(house, "pg");
    }

    private static BackupWish dump(List<String> databases, boolean schemaOnly) {
        return new BackupWish("Logical", databases, schemaOnly, Optional.empty());
    }

    private BackupRow newest() {
        return house.backups.list("pg", 10, Optional.empty()).stream()
                .filter(one -> one.kind() == BackupKind.Logical)
                .findFirst()
                .orElseThrow();
    }

    private RestoreWish toNew(String backup, RestoreWish.Goal goal, Optional<String> version) {
        return new RestoreWish(
                Optional.of(backup),
                Optional.empty(),
                "NewInstance",
                "copy",
                false,
                version,
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                false,
                goal);
    }

    private static RestoreWish.Goal itself() {
        return new RestoreWish.Goal(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                true);
    }

    @Test
    void aDumpIsVerifiedAndBecomesANewInstance() {
        Backed.done(house, house.backups.create("pg", dump(List.of("app"), false)));

        BackupRow row = newest();
        assertThat(row.kind()).isEqualTo(BackupKind.Logical);
        assertThat(row.state()).isEqualTo(BackupState.Available);
        assertThat(row.databases()).containsExactly("app");
        Backed.done(house, house.restores.restore(toNew(row.id(), itself(), Optional.empty())));
        assertThat(house.desk.get("copy").state()).isEqualTo(InstanceState.Running);
        assertThat(house.restores.list("copy").getFirst().backupId()).contains(row.id());
    }

    @Test
    void oneThatFailsIsNeverGood() {
        house.agent.failing("TakeDump", "pg_dump of app failed", 9999);

        OperationState state = house.finish(house.backups.create("pg", dump(List.of(), false)));

        assertThat(state).isEqualTo(OperationState.Failed);
        assertThat(newest().state()).isEqualTo(BackupState.Failed);
        String id = newest().id();
        assertThatThrownBy(() -> house.restores.restore(toNew(id, itself(), Optional.empty())))
                .hasMessageContaining("Failed");
    }

    @Test
    void whatADumpCannotBeIsRefused() {
        Backed.done(house, house.backups.create("pg", dump(List.of(), true)));
        String id = newest().id();

        assertThatThrownBy(
                        () ->
                                house.restores.restore(
                                        toNew(id, RestoreWish.Goal.ofLatest(), Optional.empty())))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("logical");
        assertThatThrownBy(() -> house.restores.restore(toNew(id, itself(), Optional.of("14"))))
                .hasMessageContaining("newer");
        assertThatThrownBy(
                        () ->
                                house.backups.create(
                                        "pg",
                                        new BackupWish(
                                                "Full", List.of("app"), false, Optional.empty())))
                .hasMessageContaining("Logical only");
    }
}
