package dev.toygres.model.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.lease.ElectorateModel.Broken;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** S4: every way in which lists of electors and leases of other lengths can follow each other. */
class ElectorateModelTest {
    private static final int MANY = 6_000_000;

    @Test
    void whoMayBePromotedIsOnEveryListThatThePrimaryMayBeUsing() {
        var outcome = new ElectorateModel(1).explore(MANY);

        assertThat(outcome.violation()).isEmpty();
        assertThat(outcome.states()).isGreaterThan(10_000);
    }

    /** With a list that overtakes one which was given up: millions of states. */
    @Test
    @Tag("scenario")
    void alsoWhenAListOvertakesTheOneBefore() {
        var outcome = new ElectorateModel(2).explore(2 * MANY);

        assertThat(outcome.violation()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Broken.class)
    void everyBrokenRuleIsFound(Broken rule) {
        var outcome = new ElectorateModel(1, rule).explore(MANY);

        assertThat(outcome.violation()).as("with " + rule).isPresent();
    }
}
