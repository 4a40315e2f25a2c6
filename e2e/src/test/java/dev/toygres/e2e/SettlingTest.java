package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.FailoverStatus;
import dev.toygres.api.Operation;
import dev.toygres.api.OperationState;
import dev.toygres.api.UpdateReplicaRequest;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A primary hangs while the list of those that gate its commits is being changed. Expected: the
 * change, which waits for the primary, makes room at once; a replica takes over as ever, and
 * nothing is lost (P48).
 */
@Tag("scenario")
class SettlingTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String ID = "pg";

    private static final UpdateReplicaRequest SYNC =
            new UpdateReplicaRequest(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("Sync"));

    @Test
    void aPrimaryThatHangsWhileItsSyncListChangesIsReplaced() throws SQLException {
        try (Home home = Home.up(3);
                ToygresClient client = home.client()) {
            home.create(ID);
            home.toygres("replica", "add", ID, "pg-r1").succeeded();
            home.toygres("replica", "add", ID, "pg-r2").succeeded();
            home.awaitReady(ID, 2);
            try (Load load = Load.on(home, ID, false)) {
                load.awaitMore(100);
                load.takeLongestGap();

                // A list is in force once the checkpointer knows it.
                Home.signal(home.process("pg-m1", "checkpointer"), "STOP");
                client.updateReplica(ID, "pg-r1", SYNC);
                Eventually.until(SOON, "it settles", () -> settling(client).isPresent());
                String change = settling(client).orElseThrow().id();
                home.freeze("pg-m1");

                Eventually.until(
                        SOON, "a replica has taken over", () -> !home.primary(ID).equals("pg-m1"));
                load.awaitMore(100);
                home.awaitReady(ID, 2);
                load.stop();
                System.out.printf("hung while it settled: %s%n", load.takeLongestGap());
                assertThat(load.lost()).isEmpty();
                assertThat(client.getOperation(change).state()).isEqualTo(OperationState.Cancelled);
            }
            assertThat(home.failovers(ID))
                    .extracting(FailoverStatus::state)
                    .containsExactly("Completed");
            assertThat(home.toygres("auto-failover", "status", ID).succeeded().output())
                    .contains("FailOver")
                    .doesNotContain("does not let go");
        }
    }

    /** What nobody asked for is in no list, but an instance says who is at work on it. */
    private static Optional<Operation> settling(ToygresClient client) {
        return client.getInstance(ID)
                .operation()
                .map(client::getOperation)
                .filter(one -> one.type().equals("SettleReplication"));
    }
}
