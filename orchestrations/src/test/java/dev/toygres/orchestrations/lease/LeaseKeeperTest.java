package dev.toygres.orchestrations.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.orchestrations.House;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Watcher;
import dev.toygres.store.LeaseStore;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    /** A server that no host hears kept the right to renew from one that all hear. */
    @Test
    void whoStandsBackLeavesTheRightToRenewToTheOthers() {
        try (House house = new House("lease_keeper");
                LeaseKeeper keeper =
                        new LeaseKeeper(
                                house.catalogue,
                                _ -> house.agent,
                                house.standing,
                                BootClock.system())) {
            keeper.look();
            assertThat(claim(house)).as("it is this server's").isEmpty();

            house.catalogue
                    .jdbi()
                    .useHandle(
                            handle ->
                                    HealthStore.renew(
                                            handle, new Watcher("other", "other", 2, false), LONG));
            house.watchHealth();
            house.clock.advance(LONG);
            house.watchHealth();
            assertThat(house.standing.isFit()).isFalse();
            keeper.look();

            assertThat(claim(house)).isPresent();
        }
    }

    private static Optional<Long> claim(House house) {
        return house.catalogue.jdbi().withHandle(handle -> LeaseStore.claim(handle, "other", LONG));
    }
}
