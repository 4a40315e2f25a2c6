package dev.toygres.orchestrations.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupResult.Fault;
import dev.toygres.durable.OperationState;
import dev.toygres.model.backup.BackupState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.restore.Backed;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A store whose catalogue was lost: what is in it is not known to be sound. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImportBackupsTest {
    private final House house = new House("import_backups");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void loseTheCatalogue() {
        house.clear();
        Backed.up(house, "pg");
        take("Full");
        take("Logical");
        Backed.done(house, house.desk.delete("pg", true));
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                RepositoryStore.of(handle, "pg")
                                        .forEach(one -> RepositoryStore.remove(handle, one.id())));
    }

    private void take(String kind) {
        house.clock.advance(Duration.ofMinutes(5));
        Backed.done(
                house,
                house.backups.create(
                        "pg", new BackupWish(kind, List.of(), false, Optional.empty())));
    }

    private String importIt() {
        return house.backups.importFrom(
                new ImportWish(
                        "pg", BackupFlowsTest.daily("/backups/pg").storage(), Optional.empty()));
    }

    private List<BackupRow> all() {
        return house.backups.list("pg", 9, Optional.empty());
    }

    @Test
    void p53WhatWasTakenInWasCalledGoodUnread() {
        String hurt = house.agent.backups.labels().stream().sorted().findFirst().orElseThrow();
        house.agent.backups.faults(List.of(new Fault(Optional.of(hurt), "base/1", "checksum")));

        Backed.done(house, importIt());

        assertThat(all()).hasSize(3);
        assertThat(all())
                .filteredOn(one -> one.engineLabel().equals(Optional.of(hurt)))
                .extracting(BackupRow::state)
                .containsExactly(BackupState.Damaged);
        assertThat(all())
                .filteredOn(one -> one.state() == BackupState.Available)
                .hasSize(2)
                .allMatch(one -> one.verifiedAt().isPresent());
    }

    /** Whoever has lost everything does not wait for it. */
    @Test
    void untilItIsVerifiedItCanBeRestoredAndIsShownAsUnverified() {
        house.agent.failing("VerifyRepository", "the store is slow", 99);

        assertThat(house.finish(importIt())).isEqualTo(OperationState.Failed);

        assertThat(all())
                .hasSize(3)
                .allMatch(one -> one.state() == BackupState.Available)
                .allMatch(one -> one.verifiedAt().isEmpty());
        Backed.done(
                house,
                house.restores.restore(
                        BackupFlowsTest.toNew("pg", "copy", BackupFlowsTest.latest())));
    }
}
