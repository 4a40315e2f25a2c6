package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S4: one host, many members. */
final class LeasesTest {
    /**
     * It ended the turn: no vouchers were asked for whoever came after it, and they were killed.
     */
    @Test
    void theTroubleOfOneMemberDoesNotEndTheTurnOfTheOthers() {
        var tended = new ArrayList<String>();

        Leases.each(
                List.of("pg-m1", "broken-m1", "other-m1"),
                id -> {
                    if (id.equals("broken-m1")) {
                        throw new IllegalStateException("its page cannot be read");
                    }
                    tended.add(id);
                });

        assertThat(tended).containsExactly("pg-m1", "other-m1");
    }
}
