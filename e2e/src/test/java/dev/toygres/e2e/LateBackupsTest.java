package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Backups that are thought of late, of an instance that has been through something already. */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LateBackupsTest {
    private static final String ROWS = "select count(*) from rows";

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

    /** "recovery target timeline 2 does not exist", and "the agent itself sets max_connections". */
    @Test
    void backupsThatWereSetUpAfterAFailoverCouldNotBeRestored() throws SQLException {
        home.create("pc");
        home.toygres("replica", "add", "pc", "pc-r1").succeeded();
        home.awaitStreaming("pc", 1);
        home.toygres("failover", "pc", "--to", "pc-r1").succeeded();
        assertThat(home.toygres("backup", "list", "pc").succeeded().output())
                .contains("toygres backup schedule pc");
        execute("create table rows as select generate_series(1, 100) as id");
        home.toygres("params", "set", "pc", "max_connections=60").succeeded();
        home.toygres("backup", "schedule", "pc", "--path", store + "/pc").succeeded();
        home.toygres("backup", "create", "pc").succeeded();
        home.toygres("params", "set", "pc", "--reset", "max_connections").succeeded();
        execute("insert into rows values (101)");

        home.toygres("restore", "pc", "--to-new", "pc2", "--size", "nano", "--latest").succeeded();
        assertThat(ask("pc2", ROWS)).isEqualTo("101");
        assertThat(ask("pc2", "show max_connections")).isEqualTo("50");
        home.toygres("drill", "run", "pc").succeeded();

        execute("delete from rows where id > 50");
        String backup = newest();
        assertThat(home.toygres("restore", backup, "--in-place", "--yes").succeeded().output())
                .contains("restored from " + backup);
        assertThat(ask("pc", ROWS)).isEqualTo("100");
        assertThat(ask("pc", "show max_connections")).isEqualTo("50");
        home.awaitStreaming("pc", 1);
    }

    private String newest() {
        try (ToygresClient client = home.client()) {
            return client.listBackups("pc", ListQuery.first()).items().getFirst().id();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = home.connect("pc", false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
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
