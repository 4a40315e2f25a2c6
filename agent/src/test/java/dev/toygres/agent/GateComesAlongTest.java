package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Parted;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom the next primary's commits wait for connects to it before it is promoted. */
@Tag("harness")
final class GateComesAlongTest {
    private static final Fleet FLEET = new Fleet(3);
    private static final List<String> GATES = List.of("app-3");

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
        FLEET.createReplica(3, 1);
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    /**
     * No commit of a standby waits for anybody, so that whoever follows one does not count yet: the
     * promotion, which has to bring its list into force, must not wait until it does.
     */
    @Test
    void whoStreamsFromTheTargetAlreadyStaysWithItThroughThePromotion() throws Exception {
        FLEET.term++;
        for (int host = 2; host <= 3; host++) {
            var part = new Order.PartStandby(Fleet.id(host), FLEET.term, List.of());
            FLEET.order(host, part, Parted.class);
        }
        FLEET.order(1, new Order.KillMember(Fleet.id(1), FLEET.term));
        FLEET.order(2, new Order.KeepSlot(Fleet.id(2), FLEET.term, Fleet.slot(3)));
        FLEET.follow(3, 2);
        var receiver = FLEET.ask(3, "SELECT pid FROM pg_stat_wal_receiver");

        FLEET.promote(2, GATES);

        FLEET.run(2, "CREATE TABLE committed AS SELECT 1");
        assertThat(FLEET.ask(2, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("quorum");
        assertThat(FLEET.ask(3, "SELECT pid FROM pg_stat_wal_receiver")).isEqualTo(receiver);
    }
}
