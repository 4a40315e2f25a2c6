package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.backup.Repositories;
import dev.toygres.orchestrations.backup.StoreLook;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.store.SecretStore;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a restore chooses is not let go of at the same moment (P53). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChoiceTest {
    private final House house = new House("restore_choice");

    @AfterAll
    void close() {
        house.close();
    }

    private RestoreSteps steps() {
        Vault vault = new Vault(house.catalogue, new SecretStore(new byte[32]));
        Orders orders = new Orders(_ -> house.agent);
        Repositories repositories = new Repositories(vault.users());
        return new RestoreSteps(
                house.catalogue,
                orders,
                repositories,
                new StoreLook(house.catalogue, orders, repositories),
                new Endpoints(house.catalogue, vault, orders, house.clock),
                vault,
                house.clock);
    }

    /** An expiry decides with the repository locked; the choice did not wait for it. */
    @Test
    void aBackupWasChosenWhileAnExpiryDecidedOverIt() {
        Backed.up(house, "pg");
        RepositoryRow row =
                house.catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.attached(handle, "pg"))
                        .orElseThrow();
        RestoreInput input =
                new RestoreInput(
                        "copy",
                        row.id(),
                        Optional.empty(),
                        RestoreWish.Goal.ofLatest(),
                        Optional.empty());

        try (Handle expiry = house.catalogue.jdbi().open()) {
            expiry.begin();
            RepositoryStore.lock(expiry, row.id());

            assertThatThrownBy(() -> choose(input)).hasMessageContaining("lock timeout");

            expiry.rollback();
        }
    }

    private void choose(RestoreInput input) {
        house.catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            handle.execute("set local lock_timeout = '200ms'");
                            steps().choose(handle.getConnection(), "op-1", input);
                        });
    }
}
