package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.Parted;
import dev.toygres.model.Lsn;
import dev.toygres.testkit.Eventually;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whom the next primary's commits wait for connects to it before it is promoted (S7). */
@Tag("harness")
final class GateComesAlongTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<String> GATES = List.of("app-3");
    private static final String SLOTS = "SELECT count(*) FROM pg_replication_slots";
    private Fleet fleet;

    @BeforeEach
    void create() {
        fleet = new Fleet(3);
        fleet.createPrimary(1);
        fleet.createReplica(2, 1);
        fleet.createReplica(3, 1);
        fleet.run(1, "CREATE TABLE ledger (n int)");
        fleet.await(2, fleet.ask(1, "SELECT pg_current_wal_flush_lsn()"));
    }

    @AfterEach
    void leaveNothingBehind() {
        fleet.close();
    }

    private void losePrimary() {
        fleet.term++;
        fleet.order(1, new Order.KillMember(Fleet.id(1), fleet.term));
    }

    private void part() {
        for (int host = 2; host <= 3; host++) {
            var part = new Order.PartStandby(Fleet.id(host), fleet.term, List.of());
            fleet.order(host, part, Parted.class);
        }
    }

    private Order promotion() {
        return new Order.PromoteMember(Fleet.id(2), fleet.term, 1, GATES, List.of(Fleet.slot(3)));
    }

    /**
     * No commit of a standby waits for anybody, so that whoever follows one does not count yet: the
     * promotion, which has to bring its list into force, must not wait until it does.
     */
    @Test
    void whoStreamsFromTheTargetAlreadyStaysWithItThroughThePromotion() throws Exception {
        losePrimary();
        part();
        fleet.order(2, new Order.KeepSlot(Fleet.id(2), fleet.term, Fleet.slot(3)));
        fleet.follow(3, 2);
        var receiver = fleet.ask(3, "SELECT pid FROM pg_stat_wal_receiver");

        fleet.order(2, promotion());

        fleet.run(2, "CREATE TABLE committed AS SELECT 1");
        assertThat(fleet.ask(2, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("quorum");
        assertThat(fleet.ask(3, "SELECT pid FROM pg_stat_wal_receiver")).isEqualTo(receiver);
    }

    @Test
    void itsSlotIsThereBeforeThePromotion() throws Exception {
        losePrimary();
        part();

        fleet.dieDuring(2, "promote: promoted", promotion());

        assertThat(fleet.ask(2, SLOTS)).isEqualTo("1");
    }

    /**
     * What was received and not replayed may be the first half of a record, which the new timeline
     * does not have: whoever had it from the standby would confirm it.
     */
    @Test
    void itsSlotWaitsForThePromotionWhereSomethingIsNotReplayed() throws Exception {
        try (var _ = readerInTheWay()) {
            losePrimary();

            fleet.dieDuring(2, "promote: promoted", promotion());

            assertThat(fleet.ask(2, SLOTS)).isEqualTo("0");
            fleet.order(2, promotion());
            assertThat(fleet.ask(2, SLOTS)).isEqualTo("1");
        }
    }

    /** It read no settings and heeded nobody, for as long as a reader may be in the way. */
    @Test
    void aReaderInTheWayOfReplayDoesNotKeepAStandbyFromSayingWhatItHas() throws Exception {
        try (var reader = readerInTheWay()) {
            fleet.term++;
            var part = new Order.PartStandby(Fleet.id(2), fleet.term, List.of());

            var parted = fleet.order(2, part, Parted.class);

            assertThat(parted.replayed()).isEqualTo(parted.received());
            assertThat(reader.isValid(5)).as("its session is over").isFalse();
        }
    }

    /** Its receiver had gone with its primary, and it seemed to be through where it stood. */
    @Test
    void norDoesItWhereThePrimaryIsGoneAlready() throws Exception {
        try (var _ = readerInTheWay()) {
            losePrimary();
            var part = new Order.PartStandby(Fleet.id(2), fleet.term, List.of());

            var parted = fleet.order(2, part, Parted.class);

            assertThat(parted.replayed()).isEqualTo(parted.received());
        }
    }

    /** Replay waits for it, as WAL is there that changes what it reads. */
    private Connection readerInTheWay() throws SQLException {
        var reader = fleet.sql(2);
        reader.setAutoCommit(false);
        try (var statement = reader.createStatement()) {
            statement.execute("SELECT * FROM ledger");
        }
        fleet.run(1, "ALTER TABLE ledger ADD COLUMN at timestamptz");
        fleet.run(1, "CREATE TABLE later (n int)");
        var end = Lsn.parse(fleet.ask(1, "SELECT pg_current_wal_flush_lsn()"));
        Eventually.until(SOON, "it is received", () -> received().compareTo(end) >= 0);
        return reader;
    }

    private Lsn received() {
        return Lsn.parse(fleet.ask(2, "SELECT pg_last_wal_receive_lsn()"));
    }
}
