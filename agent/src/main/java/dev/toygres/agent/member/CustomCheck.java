package dev.toygres.agent.member;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The owner's own question to a member (R3.12): in a read-only transaction, within the time of a
 * check, with nothing but the system's own in its search path, as the monitoring role. A query that
 * fails is a failed check; one whose first column is false is as well.
 */
final class CustomCheck {
    private CustomCheck() {}

    /** What came of it; empty where there is none. */
    record Outcome(boolean ok, String words) {}

    static Optional<Outcome> run(Connection connection, Watching watching) throws SQLException {
        if (watching.customCheck().isEmpty()) {
            return Optional.empty();
        }
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            var limit = Math.max(1, watching.timeout().toMillis() * 9 / 10);
            statement.execute(
                    "SET TRANSACTION READ ONLY; SET LOCAL search_path = pg_catalog;"
                            + " SET LOCAL statement_timeout = "
                            + limit);
            return Optional.of(outcome(connection, watching.customCheck().get()));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Outcome outcome(Connection connection, String query) {
        try (var statement = connection.prepareStatement(query)) {
            if (!statement.execute()) {
                return new Outcome(true, "");
            }
            try (var rows = statement.getResultSet()) {
                var good = rows.next() && !isFalse(rows.getString(1));
                return new Outcome(good, good ? "" : "the custom check answered no");
            }
        } catch (SQLException failure) {
            return failed(failure);
        }
    }

    /** Who answers everything else is not dead because of it. */
    static Outcome failed(SQLException failure) {
        return new Outcome(false, "the custom check failed: " + failure.getMessage());
    }

    private static boolean isFalse(String value) {
        return value == null || value.equals("f") || value.equals("false");
    }
}
