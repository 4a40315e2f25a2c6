package dev.toygres.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.toygres.server.options.OptionReader;
import dev.toygres.testkit.TestDatabase;
import dev.toygres.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogueWiringTest {
    /** A server frozen by SIGSTOP had kept a lock, and all others waiting, for a minute. */
    @Test
    void aServerThatSleepsInATransactionLosesItsLocksWithinSeconds() throws SQLException {
        try (TestDatabase database = TestPostgres.database("sleeper");
                HikariDataSource pool = pool(database);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet limit =
                        statement.executeQuery("SHOW idle_in_transaction_session_timeout")) {
            assertThat(limit.next()).isTrue();
            assertThat(limit.getString(1)).isEqualTo("5s");
        }
    }

    private static HikariDataSource pool(TestDatabase database) {
        String url = database.url().replace("jdbc:", "").replace("//", "//postgres@");
        return new CatalogueWiring()
                .catalogue(
                        OptionReader.read(
                                List.of(
                                        "--toygres.address-file=/dev/null",
                                        "--toygres.master-key-file=/dev/null",
                                        "--toygres.home=/"),
                                Map.of("TOYGRES_DATABASE_URL", url)));
    }
}
