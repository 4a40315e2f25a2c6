package dev.toygres.agent.member;

import dev.toygres.agentapi.Upstream;
import dev.toygres.model.Lsn;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * What an upstream says of itself to the replication role.
 *
 * @param lineage up to what it has flushed
 */
record Source(String systemIdentifier, Lineage lineage) {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** It must be a primary, and have the slot. */
    static Source of(Upstream upstream, MemberHome home) {
        try (var connection = Sql.connect(upstream, home, LIMIT);
                var statement = connection.createStatement()) {
            var slot = statement.enquoteLiteral(upstream.slot());
            if (text(statement, "SELECT 1 FROM pg_replication_slots WHERE slot_name = " + slot)
                    .isEmpty()) {
                throw new OrderFailed(upstream.address() + " has no slot " + upstream.slot());
            }
            return new Source(
                    text(statement, "SELECT system_identifier FROM pg_control_system()"),
                    lineage(statement));
        } catch (SQLException cause) {
            throw new OrderFailed(
                    "nothing is learnt from " + upstream.address() + ": " + cause.getMessage(),
                    cause);
        }
    }

    private static Lineage lineage(Statement statement) throws SQLException {
        var segment = text(statement, "SELECT pg_walfile_name(pg_current_wal_lsn())");
        var timeline = Integer.parseUnsignedInt(segment.substring(0, 8), 16);
        var flushed = Lsn.parse(text(statement, "SELECT pg_current_wal_flush_lsn()"));
        var history =
                timeline == 1
                        ? ""
                        : text(
                                statement,
                                "SELECT convert_from(pg_read_binary_file('pg_wal/"
                                        + Lineage.fileName(timeline)
                                        + "'), 'UTF8')");
        return Lineage.of(history, timeline, flushed);
    }

    /** So that its pg_control tells the timeline that it is on. */
    static void checkpoint(Upstream upstream, MemberHome home, Duration limit) {
        try (var connection = Sql.connect(upstream, home, limit);
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException cause) {
            throw new OrderFailed(
                    "no checkpoint at " + upstream.address() + ": " + cause.getMessage(), cause);
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
