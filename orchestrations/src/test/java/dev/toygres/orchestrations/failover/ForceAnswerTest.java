package dev.toygres.orchestrations.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** D7, S5: what whoever forces a failover must have said. */
class ForceAnswerTest {
    private static final List<Choice> CHOICES =
            List.of(
                    new Choice("r1", Optional.of(900L), Optional.empty()),
                    new Choice("r2", Optional.of(100L), Optional.empty()),
                    new Choice("r3", Optional.of(0L), Optional.of("is Broken")),
                    new Choice("r4", Optional.empty(), Optional.empty()));

    private static ForceAnswer answer(
            String action, Optional<String> candidate, long bytes, boolean splitBrain) {
        return new ForceAnswer(action, candidate, Optional.of(bytes), Optional.of(splitBrain));
    }

    @Test
    void theLeastThatIsLostOfWhatIsSoundIsMeantWhereNobodyIsNamed() {
        assertThat(answer("force", Optional.empty(), 100, false).choice(CHOICES))
                .get()
                .extracting(Choice::id)
                .isEqualTo("r2");
        assertThat(answer("force", Optional.empty(), 100, false).lacks(CHOICES, true)).isEmpty();
    }

    @Test
    void whatIsNotSaidIsAskedForByName() {
        assertThat(answer("force", Optional.of("r1"), 899, true).lacks(CHOICES, true))
                .get()
                .asString()
                .contains("acceptDataLossBytes", "900", "r1");
        assertThat(answer("force", Optional.of("r4"), 1L << 40, true).lacks(CHOICES, true))
                .as("what is not known cannot be bounded")
                .isPresent();
        assertThat(answer("force", Optional.of("nobody"), 1, true).lacks(CHOICES, true))
                .get()
                .asString()
                .contains("candidate", "r1");
        assertThat(answer("force", Optional.of("r2"), 100, false).lacks(CHOICES, false))
                .get()
                .asString()
                .contains("acceptSplitBrain");
        assertThat(answer("promote", Optional.of("r2"), 100, true).lacks(CHOICES, true))
                .get()
                .asString()
                .contains("action");
    }
}
