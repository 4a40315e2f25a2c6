package dev.toygres.orchestrations.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.orchestrations.House;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What was decided is written down and told of, also after the catalogue was away (R3.55). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionsTest {
    private final House house = new House("decisions");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void anInstanceThatHasNobodyElse() {
        house.clear();
        house.create("pg");
        look();
    }

    private void look() {
        house.watch.look();
        house.watchHealth();
    }

    private List<String> openAlerts() {
        return texts("select kind from catalogue.alert where resolved_at is null");
    }

    private List<String> audited() {
        return texts(
                "select outcome from catalogue.audit_entry where action = 'auto-failover' and"
                        + " instance_id = 'pg' order by at desc limit 1");
    }

    private List<String> texts(String query) {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    /** It counted as said before it was written, and the next look saw nothing new. */
    @Test
    void anAlertThatTheCatalogueDidNotTakeIsRaisedAndAuditedAtTheNextLook() {
        house.agent.hang("pg-m1", 3);
        house.without("catalogue.alert", this::look);
        assertThat(openAlerts()).isEmpty();

        look();

        assertThat(openAlerts()).containsExactly("NoAutomaticFailover");
        assertThat(audited()).containsExactly("AlertOnly");
    }

    @Test
    void anAlertWhoseEndTheCatalogueDidNotTakeIsResolvedAtTheNextLook() {
        house.agent.hang("pg-m1", 3);
        look();
        house.agent.hang("pg-m1", 0);
        house.without("catalogue.health_decision", this::look);
        assertThat(openAlerts()).containsExactly("NoAutomaticFailover");

        look();

        assertThat(openAlerts()).isEmpty();
    }
}
