package dev.toygres.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a destroyed subject leaves behind: a tombstone, and nothing that harms its successor. */
class FenceTest {
    private static final MemberId MEMBER = new MemberId("app-1");

    @TempDir private Path directory = Path.of("");

    private static Fence grown() {
        return Fence.none("app-1").raised(Lane.topology, 10, Optional.of(5L)).destroyed(11);
    }

    private static Optional<String> creation(Fence fence, long token, boolean rebuilds) {
        return fence.objection(Lane.topology, token, Optional.of(1L), true, rebuilds);
    }

    @Test
    void whatWasDestroyedDoesNotComeBackByAnOrderFromBefore() {
        assertThat(creation(grown(), 10, false)).isPresent();
        assertThat(creation(grown(), 11, false)).isPresent();
    }

    @Test
    void theRunThatDestroyedItMayMakeItAnew() {
        assertThat(creation(grown(), 11, true)).isEmpty();
        assertThat(creation(grown(), 10, true)).isPresent();
    }

    /** After a failover and a deletion the name could never be used again on that host. */
    @Test
    void whoIsMadeUnderTheSameNameBeginsWithTheFirstTerm() {
        assertThat(creation(grown(), 12, false)).isEmpty();
    }

    @Test
    void noRunOfBeforeTheDestructionIsLetIn() {
        for (Lane lane : List.of(Lane.topology, Lane.backup)) {
            assertThat(grown().objection(lane, 10, Optional.of(9L), false, false))
                    .as("%s", lane)
                    .isPresent();
        }
    }

    @Test
    void theTombstoneOutlivesTheAgent() {
        var destroy = new Order.DestroyMember(MEMBER, 5);
        var fences = new Fences(directory);
        fences.admit(envelope(destroy, 7));
        fences.destroyed(envelope(destroy, 7));

        var next = new Fences(directory);
        var late = new Order.CloseEndpoint(new InstanceId("app-1"), 5);
        assertThat(next.admit(envelope(late, 6))).isPresent();
        assertThat(next.admit(envelope(new Order.StartMember(MEMBER, 1, Optional.empty()), 8)))
                .isEmpty();
    }

    private static OrderEnvelope envelope(Order order, long token) {
        return new OrderEnvelope("app-1", Lane.topology, token, 1, order);
    }
}
