package dev.toygres.e2e;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;

/** One statement to an instance, as its owner. */
final class Sql {
    private Sql() {}

    static void execute(Home home, String id, String sql) throws SQLException {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first value that it answers. */
    static String ask(Home home, String id, String sql) throws SQLException {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** By the clock of its machine. */
    static Instant time(Home home, String id) throws SQLException {
        return Instant.parse(
                ask(
                        home,
                        id,
                        "select to_char(clock_timestamp() at time zone 'UTC',"
                                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }
}
