package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agentapi.Order.AppendWal;
import dev.toygres.agentapi.Order.PartStandby;
import dev.toygres.agentapi.OrderResult.Parted;
import dev.toygres.model.Lsn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A standby stops listening to its primary and says what it has (S7); what is found on the
 * primary's disk can then be added (S8).
 */
final class Parting {
    private static final Logger LOG = LoggerFactory.getLogger(Parting.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(2);

    /** Killing the old primary takes no less. */
    private static final Duration BESIDE = Duration.ofMillis(300);

    /** First whether the startup process has found no more WAL: what it has replayed stays so. */
    private static final String POSITION =
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
                AND wait_event IN ('RecoveryWalStream', 'RecoveryRetrieveRetryInterval')),
              coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::text,
              pg_last_wal_replay_lsn()::text
            """;

    private Parting() {}

    /**
     * Remembered on disk, so that no restart makes it listen again. What a standby's commits would
     * wait for counts from its promotion on.
     */
    static Parted part(Member member, PartStandby order) {
        var known = member.requireReady();
        if (!known.is(Memory.Role.Standby)) {
            throw new OrderFailed("member " + member.id + " is no standby");
        }
        var ignored = member.up();
        var list = SyncList.of(Math.min(1, order.syncNames().size()), order.syncNames());
        member.remember(known.gatedBy(list, order.term()));
        member.parted(true);
        member.reload();
        var parted = member.sql().asSuperuser(LIMIT, "not parted", one -> parted(one, member));
        prepare(member, list);
        return parted;
    }

    /** Its word is waited for, and this is not: a promotion sees to it where it did not come. */
    private static void prepare(Member member, SyncList list) {
        try {
            if (!list.equals(SyncList.NONE)) {
                member.awaitForce(list, BESIDE);
            }
        } catch (OrderFailed later) {
            LOG.info("{} has yet to take over its sync list: {}", member.id, later.getMessage());
        }
    }

    /**
     * The walreceiver goes when the startup process has read its settings; then all is replayed.
     */
    private static Parted parted(Statement statement, Member member) throws SQLException {
        var began = System.nanoTime();
        var deadline = began + LIMIT.toNanos();
        while (receives(statement)) {
            if (System.nanoTime() > deadline) {
                throw new OrderFailed(member.id + " goes on receiving");
            }
            Readers.makeRoom(statement, began);
            Await.pause(LOOK);
        }
        return position(statement, began, deadline, member.home.data().resolve("pg_wal"));
    }

    private static boolean receives(Statement statement) throws SQLException {
        try (var rows =
                statement.executeQuery(
                        "SELECT current_setting('primary_conninfo') <> ''"
                                + " OR EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL)")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /** A record that came only in part is never replayed: who waits for the rest is through. */
    private static Parted position(Statement statement, long began, long deadline, Path wal)
            throws SQLException {
        for (; ; Await.pause(LOOK)) {
            Readers.makeRoom(statement, began);
            try (var rows = statement.executeQuery(POSITION)) {
                rows.next();
                var received = Lsn.parse(rows.getString(2));
                var replayed = Lsn.parse(rows.getString(3));
                var through = replayed.compareTo(received) >= 0 || rows.getBoolean(1);
                if (through || System.nanoTime() > deadline) {
                    var most = received.compareTo(replayed) > 0 ? received : replayed;
                    return new Parted(
                            most.toString(), replayed.toString(), WalTail.newestTimeline(wal));
                }
            }
        }
    }

    static void append(Member member, ServiceUser user, AppendWal order) {
        if (!member.requireReady().is(Memory.Role.Standby)) {
            throw new OrderFailed("member " + member.id + " is no standby");
        }
        if (!Files.exists(member.home.parted())) {
            throw new OrderFailed("member " + member.id + " still listens to its primary");
        }
        WalTail.write(
                member.home.data().resolve("pg_wal"),
                user,
                order.timeline(),
                Lsn.parse(order.from()),
                Base64.getDecoder().decode(order.base64()));
        // The startup process sleeps between two looks at its WAL; settings to read wake it.
        member.postgres().reload();
    }
}
