package dev.toygres.orchestrations.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.InstanceState;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.instance.InstanceView;
import dev.toygres.store.AlertStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** S1: the catalogue was restored from a backup that was taken before a failover. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OlderCatalogueTest {
    private final House house = new House("older_catalogue");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void aFailoverThatTheCatalogueHasForgotten() {
        house.clear();
        house.create("pg");
        add("pg-r1");
        add("pg-r2");
        house.watch.look();
        succeed(house.failovers.start("pg", House.to("pg-r1")));
        List.of("pg-m1", "pg-r1", "pg-r2").forEach(one -> house.agent.inTerm(one, 2));
        house.catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "update catalogue.instance set term = 1, incumbent = 'pg-m1'"));
    }

    private void add(String replica) {
        succeed(house.replicas.add("pg", House.replica(replica, "Async")));
    }

    private void succeed(String operation) {
        assertThat(house.finish(operation)).isEqualTo(OperationState.Succeeded);
    }

    private InstanceView instance() {
        return house.desk.get("pg");
    }

    private List<String> alerts(AlertStore.Filter filter) {
        return house
                .catalogue
                .jdbi()
                .withHandle(handle -> AlertStore.list(handle, filter, 20, Optional.empty()))
                .stream()
                .map(one -> one.kind() + ": " + one.message())
                .toList();
    }

    @Test
    void whoeverTakesTheWritesInTheNewestTermIsThePrimary() {
        house.watch.look();

        assertThat(instance().term()).isEqualTo(2);
        assertThat(instance().primary()).contains("pg-r1");
        assertThat(alerts(AlertStore.Filter.NONE))
                .anySatisfy(
                        words ->
                                assertThat(words)
                                        .startsWith("CatalogueRestored")
                                        .contains("pg-r1 takes the writes"));
        settle();
        succeed(house.failovers.start("pg", House.to("pg-r2")));
        assertThat(instance().term()).isEqualTo(3);
    }

    /** The watch tells the agents what is in force, now that it knows whom to tell. */
    private void settle() {
        for (int turn = 0; turn < 5; turn++) {
            house.clock.advance(Duration.ofSeconds(5));
            house.watch.look();
            instance().operation().ifPresent(house::finish);
        }
    }

    @Test
    void whereThatIsNobodyNothingIsDoneAndSomebodyIsTold() {
        house.agent.inTerm("pg-r2", 3);
        int before = house.agent.effects().size();

        house.watch.look();
        house.watchHealth();

        assertThat(instance().term()).isEqualTo(1);
        assertThat(alerts(AlertStore.Filter.NONE))
                .anySatisfy(
                        words ->
                                assertThat(words)
                                        .startsWith("CatalogueBehind")
                                        .contains("term 3", "pg-r1 takes writes in term 2"));
        assertThat(house.finish(house.failovers.start("pg", House.to("pg-r2"))))
                .as("whoever insists is stopped before anything is promoted in a used term")
                .isEqualTo(OperationState.Failed);
        assertThat(house.agent.effects().stream().skip(before))
                .noneMatch(one -> one.startsWith("promote"));
        assertThat(instance().term()).isEqualTo(1);
    }

    /** It was taken for said before it was written, and so it was neither raised nor resolved. */
    @Test
    void whatTheCatalogueDidNotTakeIsSaidAtTheNextLook() {
        house.agent.inTerm("pg-r2", 3);
        house.without("catalogue.alert", this::lookInVain);
        house.watch.look();
        assertThat(openAlerts()).contains("CatalogueBehind");

        house.agent.inTerm("pg-r2", 2);
        house.without("catalogue.notification", this::lookInVain);
        house.watch.look();
        assertThat(openAlerts()).doesNotContain("CatalogueBehind");
    }

    private void lookInVain() {
        assertThatThrownBy(house.watch::look).hasMessageContaining("does not exist");
    }

    private List<String> openAlerts() {
        return house.catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "select kind from catalogue.alert where resolved_at is null")
                                        .mapTo(String.class)
                                        .list());
    }

    /** Neither a failover nor a restore, and no undo of either, may end with two in one term. */
    @Test
    void aTermThatHasAPrimaryIsNobodyElses() {
        Observations seen = new Observations();
        seen.refresh(_ -> house.agent, List.of("host-1"));
        TermGuard guard = new TermGuard(house.catalogue, _ -> house.agent, seen);

        assertThatThrownBy(
                        () ->
                                house.catalogue
                                        .jdbi()
                                        .useHandle(handle -> guard.requireNoNewer(handle, "pg")))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("term 2 already");
        assertThatThrownBy(() -> guard.requireNoOther("pg", "pg-m1", 2))
                .isInstanceOf(PermanentFailure.class)
                .hasMessageContaining("pg-r1 is primary in term 2");
        guard.requireNoOther("pg", "pg-m1", 3);
    }

    /**
     * As a Ready replica that follows nobody it would have kept the electorate from being settled.
     */
    @Test
    void aFormerPrimaryThatDoesNotFollowIsMadeTo() {
        house.agent.stopBehindOurBack("pg-m1");

        house.watch.look();
        assertThat(house.replicas.get("pg", "pg-m1").state()).isEqualTo(ReplicaState.Broken);
        settle();

        assertThat(house.agent.effects())
                .endsWith("open pg for 2 readers")
                .contains("rejoin pg-m1");
        assertThat(house.replicas.get("pg", "pg-m1").state()).isEqualTo(ReplicaState.Streaming);
    }

    /** Until its host is asked again, the members of the former one are all that was seen. */
    @Test
    void anInstanceThatIsMadeAgainUnderItsNameIsNotTakenForTheFormerOne() {
        house.watch.look();
        assertThat(instance().term()).isEqualTo(2);
        succeed(house.desk.delete("pg"));
        house.create("pg");

        house.watch.reconcile();

        assertThat(instance().term()).isEqualTo(1);
        assertThat(alerts(AlertStore.Filter.NONE))
                .noneMatch(words -> words.startsWith("CatalogueBehind"));
    }

    /** What the catalogue takes for the primary is dead, and may have been replaced long ago. */
    @Test
    void noFailoverBeginsOnTheWordOfAnOlderCatalogue() {
        house.agent.inTerm("pg-r2", 3);
        house.agent.die("pg-m1");

        house.watch.look();
        house.watchHealth();

        assertThat(instance().operation()).isEmpty();
        assertThat(instance().state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void ordersAreNewerThanWhatTheHostsWereGivenSince() {
        long forgotten =
                house.catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        handle.createQuery("select setval('durable.token', 1)")
                                                .mapTo(Long.class)
                                                .one());
        assertThat(forgotten).isEqualTo(1);
        house.agent.claimed("pg-m1", 1_000_000);

        house.watch.look();

        settle();
        succeed(house.failovers.start("pg", House.to("pg-m1")));
    }
}
