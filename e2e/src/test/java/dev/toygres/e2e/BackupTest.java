package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a user does with backups: every restore is judged by its rows. */
@Tag("e2e")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupTest {
    private static final String SIZE = "nano";

    private Home home;
    private Path store;

    @BeforeAll
    void up() throws IOException {
        store = Files.createTempDirectory("toygres-store");
        // The hosts' service user writes there, whoever runs the tests.
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxrwxrwx"));
        home = Home.up(2);
    }

    @AfterAll
    void down() throws IOException {
        home.close();
        try (var files = Files.walk(store)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void r4RowsComeBackAsTheyWereAlsoOnceTheInstanceIsGone() throws SQLException {
        home.create("ledger");
        home.toygres("backup", "schedule", "ledger", "--path", store.toString()).succeeded();
        execute("ledger", "create table rows as select generate_series(1, 1000) as id");
        home.toygres("backup", "create", "ledger").succeeded();
        execute("ledger", "insert into rows select generate_series(1001, 1500)");
        home.toygres("backup", "create", "ledger", "--type", "incremental").succeeded();
        execute("ledger", "insert into rows values (2000)");
        Instant before = time("ledger");
        execute("ledger", "delete from rows where id > 500");
        execute("ledger", "insert into rows values (3000)");

        assertThat(home.toygres("backup", "list", "ledger").succeeded().output())
                .contains("Full", "Incremental", "Available");
        restore("ledger", "latest", "--latest");
        assertThat(rows("latest")).isEqualTo("501, 3000");
        restore("ledger", "earlier", "--at", before.toString());
        assertThat(rows("earlier")).as("just before the delete").isEqualTo("1501, 2000");
        assertThat(
                        home.toygres(
                                        "restore",
                                        "ledger",
                                        "--to-new",
                                        "never",
                                        "--at",
                                        "2020-01-01T00:00:00Z")
                                .exitCode())
                .as("D12: outside of the window")
                .isNotZero();

        home.toygres("backup", "point", "ledger", "farewell").succeeded();
        home.toygres("delete", "ledger").succeeded();
        assertThat(home.toygres("get", "ledger").exitCode()).isEqualTo(3);
        restore("ledger", "heir", "--name", "farewell");
        assertThat(rows("heir")).as("P53: its backups outlive it").isEqualTo("501, 3000");
    }

    private void restore(String source, String target, String... upTo) {
        var words =
                new java.util.ArrayList<>(
                        List.of("restore", source, "--to-new", target, "--size", SIZE));
        words.addAll(List.of(upTo));
        home.toygres(words.toArray(String[]::new)).succeeded();
    }

    private void execute(String id, String sql) throws SQLException {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String rows(String id) throws SQLException {
        return ask(id, "select count(*) || ', ' || max(id) from rows");
    }

    private Instant time(String id) throws SQLException {
        return Instant.parse(
                ask(
                        id,
                        "select to_char(clock_timestamp() at time zone 'UTC',"
                                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }

    private String ask(String id, String sql) throws SQLException {
        try (Connection connection = home.connect(id, false);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
