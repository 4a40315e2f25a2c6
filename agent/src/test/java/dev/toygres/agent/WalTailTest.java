package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agent.process.Signal;
import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.HostStatus.Slot;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Parted;
import dev.toygres.agentapi.OrderResult.Promoted;
import dev.toygres.agentapi.OrderResult.Rejoined.How;
import dev.toygres.model.Lsn;
import dev.toygres.testkit.Eventually;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * S8: what a dead primary wrote, and its standby has never received, is read from its disk and
 * added to the standby before that is promoted: an asynchronous failover loses nothing.
 */
@Tag("harness")
final class WalTailTest {
    private static final Fleet FLEET = new Fleet(2);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PIECE = 512 << 10;
    private static final List<String> GATES = List.of("app-1");

    @BeforeAll
    static void create() {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
        FLEET.run(1, "CREATE TABLE ledger (i int)");
    }

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    void everyRowThatOnlyTheDeadPrimarysDiskHadIsOnTheOneThatTakesOver() throws Exception {
        Eventually.within(SOON, () -> assertThat(FLEET.replication(2).streaming()).isTrue());
        FLEET.term++;
        var parted = part();
        assertThat(part()).as("asked again").isEqualTo(parted);

        Set<Integer> acknowledged = writtenUntilTheEnd();
        FLEET.order(1, new Order.KillMember(Fleet.id(1), FLEET.term));
        var end = takeAlong(parted);
        assertThat(takeAlong(parted)).as("repeated").isEqualTo(end);
        FLEET.await(2, end.toString());
        try (var standby = FLEET.sql(2)) {
            assertThat(Workshop.value(standby, "SHOW synchronous_standby_names"))
                    .as("S7: in force before anybody can commit")
                    .isEqualTo("ANY 1 (\"app-1\")");
        }
        FLEET.order(
                2,
                new Order.PromoteMember(Fleet.id(2), FLEET.term, 1, GATES, List.of("app_1")),
                Promoted.class);

        assertThat(end.bytesSince(Lsn.parse(parted.received())))
                .as("over the edge of a segment")
                .isGreaterThan(16L << 20);
        assertThat(rows()).containsAll(acknowledged).contains(-1, -320_000);
        assertThat(FLEET.replication(2).slots()).extracting(Slot::name).containsExactly("app_1");
        var back = FLEET.rejoin(1, 2);
        assertThat(back.divergedBytes()).as("nothing of it was left behind").isZero();
        assertThat(back.how()).isEqualTo(How.Started);
    }

    private static Parted part() {
        return FLEET.order(2, new Order.PartStandby(Fleet.id(2), FLEET.term, GATES), Parted.class);
    }

    /** A bulk, and then writers that the postmaster is killed under. */
    private static Set<Integer> writtenUntilTheEnd() throws Exception {
        FLEET.run(1, "INSERT INTO ledger SELECT -g FROM generate_series(1, 320000) g");
        try (var ledger = new Ledger(() -> FLEET.sql(1))) {
            Eventually.within(SOON, () -> assertThat(ledger.acknowledged).hasSizeGreaterThan(100));
            assertThatThrownBy(() -> FLEET.agent(1).wal("app-1", 1, "0/3000000", PIECE))
                    .as("never of one that may still write")
                    .isInstanceOf(AgentRefusal.class);
            var pid = FLEET.memberHome(1).resolve("data/postmaster.pid");
            Signal.KILL.to(Long.parseLong(Files.readAllLines(pid).getFirst()));
            ledger.end();
            return new TreeSet<>(ledger.acknowledged);
        }
    }

    private static Lsn takeAlong(Parted parted) {
        var at = Lsn.parse(parted.replayed());
        WalPiece piece;
        do {
            piece = FLEET.agent(1).wal("app-1", parted.timeline(), at.toString(), PIECE);
            FLEET.order(
                    2,
                    new Order.AppendWal(
                            Fleet.id(2),
                            FLEET.term,
                            parted.timeline(),
                            piece.from(),
                            piece.base64()));
            at = Lsn.parse(piece.end());
        } while (piece.more());
        return at;
    }

    private static Set<Integer> rows() throws SQLException {
        var found = new TreeSet<Integer>();
        try (var connection = FLEET.sql(2);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT i FROM ledger")) {
            while (rows.next()) {
                found.add(rows.getInt(1));
            }
        }
        return found;
    }
}
