package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.backup.ImportWish;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.store.backup.RepositoryStore;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a restored instance has of its source's parameters (R5.40). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreParametersTest {
    private final House house = new House("restore_parameters");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        Backed.up(house, "pg");
    }

    @Test
    void aRestoredInstanceHasWhatItsSourceAgreedOn() {
        set("work_mem", "9MB");

        Backed.done(house, house.restores.restore(toNew("copy")));

        assertThat(house.agent.postgres.value("copy-m1", "work_mem")).contains("9216");
        assertThat(house.parameters.changes("copy", 10, Optional.empty()))
                .singleElement()
                .satisfies(
                        first -> {
                            assertThat(first.cause()).isEqualTo("restore");
                            assertThat(first.reason()).contains("those of pg");
                        });
    }

    /** Its size's own values stood in the copy, though the backups were kept to have it again. */
    @Test
    void whatIsRestoredFromTheBackupsOfAGoneInstanceHasItsParameters() {
        set("work_mem", "9MB");
        Backed.done(house, house.desk.delete("pg"));

        Backed.done(house, house.restores.restore(toNew("copy")));

        assertThat(house.agent.postgres.value("copy-m1", "work_mem")).contains("9216");
    }

    @Test
    void aGoneInstanceWithoutParametersLeavesNone() {
        Backed.done(house, house.desk.delete("pg"));

        Backed.done(house, house.restores.restore(toNew("copy")));

        assertThat(house.parameters.changes("copy", 10, Optional.empty())).isEmpty();
    }

    @Test
    void theParametersAreInTheStoreForACatalogueThatWasLost() {
        set("work_mem", "9MB");
        Backed.done(house, house.backups.create("pg", Backed.full()));
        Backed.done(house, house.desk.delete("pg"));
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                RepositoryStore.of(handle, "pg")
                                        .forEach(one -> RepositoryStore.remove(handle, one.id())));

        Backed.done(
                house,
                house.backups.importFrom(
                        new ImportWish(
                                "pg", Backed.daily("/backups/pg").storage(), Optional.empty())));
        Backed.done(house, house.restores.restore(toNew("copy")));

        assertThat(house.agent.postgres.value("copy-m1", "work_mem")).contains("9216");
    }

    @Test
    void oneWithoutParametersHasNoHistory() {
        Backed.done(house, house.restores.restore(toNew("copy")));

        assertThat(house.parameters.changes("copy", 10, Optional.empty())).isEmpty();
    }

    private void set(String name, String value) {
        Backed.done(
                house,
                house.parameters.set(
                        "pg", NewParameters.of(Map.of(name, Optional.of(value)), "tester")));
    }

    private static RestoreWish toNew(String id) {
        return new RestoreWish(
                Optional.empty(),
                Optional.of("pg"),
                "NewInstance",
                id,
                false,
                Optional.empty(),
                Optional.of("nano"),
                Optional.empty(),
                Optional.empty(),
                false,
                RestoreWish.Goal.ofLatest());
    }
}
