package dev.toygres.model.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Lsn;
import dev.toygres.model.health.Election.Outcome;
import dev.toygres.model.health.Election.Parted;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S7. */
class ElectionTest {
    private static Parted parted(String id, int priority, long received) {
        return new Parted(id, true, priority, new Lsn(received));
    }

    @Test
    void theFreshestWinsAndAmongEqualsThePriorityThenTheName() {
        assertThat(Election.of(List.of(parted("a", 90, 1), parted("b", 10, 2)), List.of()))
                .isEqualTo(new Outcome.Elected("b", false));
        assertThat(Election.of(List.of(parted("a", 10, 2), parted("b", 90, 2)), List.of()))
                .isEqualTo(new Outcome.Elected("b", false));
        assertThat(Election.of(List.of(parted("b", 50, 2), parted("a", 50, 2)), List.of()))
                .isEqualTo(new Outcome.Elected("a", false));
    }

    @Test
    void itIsCompleteOnlyWhenEveryMemberOfEveryListHasSaidWhatItHas() {
        var two = List.of(parted("a", 50, 2), parted("b", 50, 1));

        assertThat(Election.of(two, List.of("a", "b"))).isEqualTo(new Outcome.Elected("a", true));
        assertThat(Election.of(two, List.of("a", "b", "c")))
                .as("c may have acknowledged what neither has: R + W > N")
                .isEqualTo(new Outcome.Elected("a", false));
    }

    @Test
    void aFresherSyncReplicaThatMayNotBePromotedMakesItIncomplete() {
        var never = new Parted("a", false, 50, new Lsn(9));

        assertThat(Election.of(List.of(never, parted("b", 50, 1)), List.of("a", "b")))
                .isEqualTo(new Outcome.Elected("b", false));
    }

    @Test
    void withoutAnybodyThereIsNobody() {
        assertThat(Election.of(List.of(), List.of())).isInstanceOf(Outcome.Nobody.class);
        assertThat(Election.of(List.of(parted("a", 0, 1)), List.of()))
                .isInstanceOf(Outcome.Nobody.class);
    }
}
