package dev.toygres.model.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.lease.LeaseModel.Broken;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** S1-S5: every state that the protocol can reach, and what follows when a rule is broken. */
class LeaseModelTest {
    private static final int MANY = 3_000_000;

    @Test
    void oldAndNewPrimaryNeverLiveAtTheSameTime() {
        var outcome = new LeaseModel(2, 1).explore(MANY);

        assertThat(outcome.violation()).isEmpty();
        assertThat(outcome.states()).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = Broken.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"STALE_VIEW", "FORMER_KEEPER_FORGOTTEN", "RIGHT_NOT_HELD"})
    void everyBrokenRuleIsFound(Broken rule) {
        var outcome = new LeaseModel(2, 1, rule).explore(MANY);

        assertThat(outcome.violation()).as("with " + rule).isPresent();
    }

    /** These need a second server. */
    @Tag("scenario")
    @ParameterizedTest
    @EnumSource(
            value = Broken.class,
            names = {"STALE_VIEW", "FORMER_KEEPER_FORGOTTEN", "RIGHT_NOT_HELD"})
    void everyBrokenRuleOfTwoServersIsFound(Broken rule) {
        var outcome = new LeaseModel(2, 2, rule).explore(10 * MANY);

        assertThat(outcome.violation()).as("with " + rule).isPresent();
    }

    /**
     * With a lease of one tick: all of it, of a longer one, has more states than a machine counts.
     */
    @Test
    @Tag("chaos")
    void neitherDoTheyWithTwoServers() {
        var outcome = new LeaseModel(1, 2).explore(10 * MANY);

        assertThat(outcome.violation()).isEmpty();
    }
}
