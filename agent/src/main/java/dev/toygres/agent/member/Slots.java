package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.model.Lsn;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Physical replication slots (S10). */
final class Slots {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration IN_USE = Duration.ofSeconds(10);
    private static final String OBJECT_IN_USE = "55006";

    private Slots() {}

    /** One that has lost its WAL is of use to nobody, and is made anew. */
    static void keep(Member member, String slot) {
        keep(member, slot, LIMIT);
    }

    static void keep(Member member, String slot, Duration limit) {
        var ignored =
                member.sql()
                        .asSuperuser(
                                limit,
                                "slot " + slot + " is not kept",
                                statement -> {
                                    var name = statement.enquoteLiteral(slot);
                                    dropIf(statement, name, "wal_status = 'lost' AND NOT active");
                                    return statement.execute(
                                            "SELECT pg_create_physical_replication_slot(n, true)"
                                                    + " FROM (SELECT "
                                                    + name
                                                    + "::name AS n) w WHERE NOT EXISTS (SELECT FROM"
                                                    + " pg_replication_slots WHERE slot_name = n)");
                                });
    }

    /** Who streams through it comes back at once, until the slot is gone. */
    static void drop(Member member, String slot) {
        var gone =
                Await.until(
                        IN_USE,
                        () ->
                                member.sql()
                                        .asSuperuser(
                                                LIMIT,
                                                "slot " + slot + " is not dropped",
                                                statement -> dropped(statement, slot)));
        if (!gone) {
            throw new OrderFailed("slot " + slot + " is in use again and again");
        }
    }

    private static boolean dropped(Statement statement, String slot) throws SQLException {
        var name = statement.enquoteLiteral(slot);
        statement.execute(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = "
                        + name
                        + " AND active");
        try {
            dropIf(statement, name, "true");
            return true;
        } catch (SQLException failure) {
            if (OBJECT_IN_USE.equals(failure.getSQLState())) {
                return false;
            }
            throw failure;
        }
    }

    /** Never back, and never beyond what this member has. */
    static void advance(Member member, String slot, Lsn to, Duration limit) {
        var ignored =
                member.sql()
                        .asSuperuser(
                                limit,
                                "slot " + slot + " is not moved",
                                statement -> {
                                    var lsn = statement.enquoteLiteral(to.toString());
                                    return statement.execute(
                                            "SELECT pg_replication_slot_advance(slot_name, "
                                                    + lsn
                                                    + ") FROM pg_replication_slots WHERE slot_name = "
                                                    + statement.enquoteLiteral(slot)
                                                    + " AND restart_lsn < "
                                                    + lsn);
                                });
    }

    /** If it is there. */
    static void dropIdle(Member member, String slot, Duration limit) {
        var ignored =
                member.sql()
                        .asSuperuser(
                                limit,
                                "slot " + slot + " is not dropped",
                                statement -> {
                                    dropIf(statement, statement.enquoteLiteral(slot), "NOT active");
                                    return true;
                                });
    }

    /** A standby has no followers: what slots are there are those of its time as primary. */
    static void dropAll(Member member) {
        var ignored =
                member.sql()
                        .asSuperuser(
                                LIMIT,
                                "old slots are not dropped",
                                statement ->
                                        statement.execute(
                                                "SELECT pg_drop_replication_slot(slot_name) FROM"
                                                        + " pg_replication_slots WHERE NOT active"));
    }

    private static void dropIf(Statement statement, String name, String condition)
            throws SQLException {
        statement.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name = "
                        + name
                        + " AND "
                        + condition);
    }
}
