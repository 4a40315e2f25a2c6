package dev.toygres.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestPostgresTest {

    @Test
    void eachDatabaseIsFresh() throws SQLException {
        try (TestDatabase first = TestPostgres.database("fresh")) {
            execute(first, "create table t (n int)");
        }

        try (TestDatabase second = TestPostgres.database("fresh")) {
            execute(second, "create table t (n int)");
        }
    }

    @Test
    void comesBackAfterARestartWithWhatWasCommitted() throws SQLException {
        try (TestDatabase database = TestPostgres.database("restarted")) {
            execute(database, "create table kept (n int)");

            TestPostgres.shared().restart();

            Eventually.within(
                    Duration.ofSeconds(10), () -> execute(database, "insert into kept values (1)"));
        }
    }

    @Test
    void killedConnectionsAreReplaced() {
        try (TestDatabase database = TestPostgres.database("killed")) {
            database.killConnections();

            Eventually.within(Duration.ofSeconds(10), () -> execute(database, "select 1"));
        }
    }

    @Test
    void writesReachTheDisk() throws SQLException {
        try (TestDatabase database = TestPostgres.database("durability");
                Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("show fsync")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("on");
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
