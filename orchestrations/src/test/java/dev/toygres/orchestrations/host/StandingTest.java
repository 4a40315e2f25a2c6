package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.orchestrations.House;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Watcher;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two servers, of which one loses hosts that the other one hears (R3, issue: split servers). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandingTest {
    private static final String OTHER = "other";

    private final House house = new House("standing");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceThatThisServerWatches() {
        house.clear();
        house.catalogue.jdbi().useHandle(handle -> HealthStore.resign(handle, OTHER));
        house.watchHealth();
        turn();
        house.create("pg");
        turn();
        assertThat(house.health.watched()).containsExactly("pg");
    }

    @Test
    void whoHearsFewerHostsThanAnotherLeavesItsWorkToThat() {
        otherHears(1);
        house.agent.reachable(false);
        turn();
        assertThat(house.standing.isFit()).as("it may be a moment").isTrue();

        pass(Standing.BEHIND);

        assertThat(house.standing.reason()).contains("it hears 0 hosts, and another server 1");
        assertThat(house.health.watched()).isEmpty();
        Set<String> taken =
                house.catalogue.jdbi().inTransaction(handle -> HealthStore.share(handle, OTHER));
        assertThat(taken).containsExactly("pg");
    }

    @Test
    void whoStandsBackSaysNothingAboutHosts() {
        String status = Room.json(house.agent.status());
        otherHears(1);
        house.agent.reachable(false);
        pass(Standing.BEHIND);
        Instant heard = house.clock.instant();
        house.catalogue
                .jdbi()
                .useHandle(handle -> HostStore.seen(handle, House.HOST, heard, status));

        turn();

        Optional<HostRow> host =
                house.catalogue.jdbi().withHandle(handle -> HostStore.find(handle, House.HOST));
        assertThat(host).get().matches(HostRow::reachable);
    }

    @Test
    void whoStoodBackWorksAgainAsSoonAsItHearsAsMany() {
        otherHears(1);
        house.agent.reachable(false);
        pass(Standing.BEHIND);

        house.agent.reachable(true);
        turn();

        assertThat(house.standing.isFit()).isTrue();
    }

    @Test
    void whoStoodBackWorksAgainWhenTheOtherIsGone() {
        otherHears(1);
        house.agent.reachable(false);
        pass(Standing.BEHIND);

        house.catalogue.jdbi().useHandle(handle -> HealthStore.resign(handle, OTHER));
        turn();

        assertThat(house.standing.isFit()).isTrue();
        assertThat(house.health.watched()).containsExactly("pg");
    }

    @Test
    void aDeadHostMakesNoDifference() {
        otherHears(0);
        house.agent.reachable(false);
        pass(Standing.BEHIND);

        assertThat(house.standing.isFit()).isTrue();
        assertThat(house.health.watched()).containsExactly("pg");
    }

    @Test
    void aHostThatIsForgottenDoesNotCount() {
        house.joinAnother("host-2", "127.0.0.2");
        otherHears(1);
        house.catalogue.jdbi().useHandle(handle -> HostStore.forget(handle, "host-2"));
        turn();

        assertThat(watcher()).get().matches(one -> one.hostsHeard() == 1);
    }

    private Optional<Watcher> watcher() {
        return house.catalogue.jdbi().withHandle(HealthStore::watchers).stream()
                .filter(one -> one.id().equals(house.standing.server()))
                .findFirst();
    }

    private void otherHears(int hosts) {
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                HealthStore.renew(
                                        handle,
                                        new Watcher(OTHER, "other@there", hosts, false),
                                        Duration.ofMinutes(1)));
    }

    private void pass(Duration time) {
        turn();
        house.clock.advance(time);
        turn();
    }

    private void turn() {
        house.watch.look();
        house.watchHealth();
    }
}
