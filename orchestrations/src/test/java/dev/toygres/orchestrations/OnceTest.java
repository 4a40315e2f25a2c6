package dev.toygres.orchestrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.Operation;
import dev.toygres.store.access.CatalogueIdempotencyKeys;
import dev.toygres.store.access.IdempotencyKeys.Claim;
import dev.toygres.store.access.IdempotencyKeys.Made;
import dev.toygres.store.access.IdempotencyKeys.Mine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A server that is lost between starting an operation and answering. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnceTest {
    private static final String PRINT = "00".repeat(32);
    private final House house = new House("once");
    private final CatalogueIdempotencyKeys keys =
            new CatalogueIdempotencyKeys(house.catalogue.jdbi());

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        house.catalogue.jdbi().useHandle(h -> h.execute("delete from catalogue.idempotency_key"));
        house.watch.look();
    }

    private Claim claim() {
        return keys.claim("tok", "key", PRINT);
    }

    private void create(Mine mine) throws Exception {
        Once.under(
                (handle, operation) -> keys.made(handle, mine, operation),
                () -> {
                    house.desk.create(House.wish("pg"));
                    return null;
                });
    }

    private void halfAMinuteLater() {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "update catalogue.idempotency_key set claimed_at ="
                                                + " claimed_at - interval '31 seconds'"));
    }

    private List<Operation> operations() {
        return house.operations.list(
                Optional.empty(), Optional.empty(), Optional.empty(), 10, Optional.empty());
    }

    @Test
    void aRepeatFindsWhatTheLostServerStarted() throws Exception {
        create((Mine) claim());
        halfAMinuteLater();

        assertThat(claim()).isEqualTo(new Made(operations().getFirst().id()));
    }

    @Test
    void aServerThatWasLostBeforeItStartedAnythingIsReplaced() {
        Claim lost = claim();
        halfAMinuteLater();

        assertThat(claim()).isInstanceOf(Mine.class).isNotEqualTo(lost);
    }

    /** It slept for half a minute before it started anything; another did meanwhile. */
    @Test
    void aServerThatWasOnlySlowStartsNothing() throws Exception {
        Mine slow = (Mine) claim();
        halfAMinuteLater();
        Mine next = (Mine) claim();

        assertThatThrownBy(() -> create(slow)).hasMessageContaining("taken");
        assertThat(operations()).isEmpty();
        create(next);
        assertThat(operations()).hasSize(1);
    }

    /** An answer that failed gave the key back, though the operation was there. */
    @Test
    void aKeyUnderWhichSomethingWasStartedIsNotGivenBack() throws Exception {
        Mine mine = (Mine) claim();
        create(mine);

        keys.release(mine);

        assertThat(claim()).isInstanceOf(Made.class);
    }
}
