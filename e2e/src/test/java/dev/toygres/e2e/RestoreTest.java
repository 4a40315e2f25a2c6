package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Backup;
import dev.toygres.api.Instance;
import dev.toygres.api.Replica;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Restores over an instance with a replica: judged by the rows, on every member. */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    private Home home;
    private LocalStore store;

    @BeforeAll
    void up() throws IOException {
        store = new LocalStore();
        home = Home.up(2);
    }

    @AfterAll
    void down() throws IOException {
        home.close();
        store.close();
    }

    /** D12, S12, P54, R4.36-R4.38; a restore after a failover after a restore. */
    @Test
    void d12TheDataGoesBackAndForthThroughRestoresAndAFailover() throws SQLException {
        home.create("books");
        home.toygres("backup", "schedule", "books", "--path", store.of("books").toString())
                .succeeded();
        execute("create table rows as select generate_series(1, 100) as id");
        home.toygres("backup", "create", "books").succeeded();
        home.toygres("replica", "add", "books", "books-r1").succeeded();
        execute("insert into rows values (101)");
        String before = Sql.time(home, "books").toString();
        execute("delete from rows");
        execute("insert into rows values (200)");
        Instance then = home.instance("books");

        var refused = home.toygres("restore", "books", "--in-place", "--at", before);
        assertThat(refused.exitCode()).as("R4.37").isEqualTo(4);
        assertThat(refused.errors()).contains("--yes");
        assertThat(rows()).isEqualTo("1, 200");

        home.toygres("restore", "books", "--in-place", "--at", before, "--yes").succeeded();
        assertThat(rows()).isEqualTo("101, 101");
        assertThat(home.instance("books").endpoints())
                .as("the addresses stay")
                .isEqualTo(then.endpoints());
        assertThat(home.instance("books").term()).isEqualTo(then.term() + 1);
        awaitReplicaWith("101, 101");
        awaitBackupAfterRestore();

        home.toygres("undo-restore", "books").succeeded();
        assertThat(rows()).as("as it was before the restore").isEqualTo("1, 200");
        awaitReplicaWith("1, 200");
        assertThat(home.toygres("undo-restore", "books").exitCode()).isEqualTo(4);

        home.toygres("backup", "point", "books", "stay").succeeded();
        execute("insert into rows values (300)");
        home.toygres("failover", "books", "--to", "books-r1").succeeded();
        execute("insert into rows values (400)");
        home.toygres("restore", "books", "--in-place", "--name", "stay", "--yes").succeeded();
        assertThat(rows())
                .as("from before the failover, by a member that was a replica then")
                .isEqualTo("1, 200");
        awaitReplicaWith("1, 200");

        execute("insert into rows values (500)");
        home.toygres("restore", "books", "--to-new", "copy", "--size", "nano", "--latest")
                .succeeded();
        assertThat(Sql.ask(home, "copy", ROWS))
                .as("not along a history that was left")
                .isEqualTo("2, 500");
    }

    /** R4.4, R4.5, R4.48, R6.4: databases and roles of a dump in an instance of their own. */
    @Test
    void r44ADumpBecomesANewInstance() throws SQLException {
        home.create("notes");
        home.toygres("params", "set", "notes", "work_mem=9MB", "search_path=public, \"B:c\"")
                .succeeded();
        home.toygres("backup", "schedule", "notes", "--path", store.of("notes").toString())
                .succeeded();
        Sql.execute(home, "notes", "create table rows as select generate_series(1, 5000) as id");
        home.toygres("backup", "create", "notes", "--type", "logical", "--database", "app")
                .succeeded();
        Sql.execute(home, "notes", "delete from rows");

        Backup dump = newest("notes");
        assertThat(dump.state()).isEqualTo("Available");
        assertThat(dump.backupType().databases()).hasValue(List.of("app"));
        home.toygres("restore", dump.id(), "--to-new", "copied", "--size", "nano").succeeded();
        assertThat(Sql.ask(home, "copied", ROWS)).isEqualTo("5000, 5000");
        assertThat(
                        home.toygres(
                                        "backup",
                                        "create",
                                        "notes",
                                        "--type",
                                        "logical",
                                        "--database",
                                        "nowhere")
                                .exitCode())
                .isEqualTo(1);
        assertThat(newest("notes").state()).as("never good").isEqualTo("Failed");

        drills("notes");
        home.toygres("backup", "point", "notes", "empty").succeeded();
        Sql.execute(home, "notes", "insert into rows values (1)");
        isFoundByACatalogueThatKnowsNothing("notes");
    }

    /** A rehearsal, as if the source were lost. */
    private void drills(String id) {
        home.toygres("backup", "create", id).succeeded();
        home.toygres(
                        "drill",
                        "run",
                        id,
                        "--query",
                        "select * from rows order by id",
                        "--max-restore-time",
                        "1s")
                .succeeded();
        assertThat(home.toygres("drill", "list", id).succeeded().output()).contains("Passed");
        assertThat(home.toygres("alerts", "-o", "json").succeeded().output())
                .contains("RestoreGoalMissed");
        assertThat(home.toygres("list").succeeded().output()).doesNotContain("drill-");
    }

    /** Another installation, with nothing but the store. */
    private void isFoundByACatalogueThatKnowsNothing(String id) throws SQLException {
        try (Home other = Home.up(1)) {
            other.toygres("backup", "import", id, "--path", store.of(id).toString()).succeeded();
            assertThat(other.toygres("backup", "list", id).succeeded().output())
                    .contains("Full", "Logical", "Available");
            assertThat(other.toygres("backup", "points", id).succeeded().output())
                    .contains("empty");
            other.toygres("restore", id, "--to-new", "found", "--size", "nano", "--name", "empty")
                    .succeeded();
            assertThat(Sql.ask(other, "found", "select count(*) from rows")).isEqualTo("0");
            assertThat(other.toygres("params", "list", "found").succeeded().output())
                    .as("what was agreed on comes along (R5.40)")
                    .contains("work_mem", "9MB", "B:c");
        }
    }

    private Backup newest(String id) {
        try (ToygresClient client = home.client()) {
            return client.listBackups(id, ListQuery.first()).items().getFirst();
        }
    }

    private static final String ROWS = "select count(*) || ', ' || max(id) from rows";

    private void awaitReplicaWith(String rows) {
        Eventually.within(
                SOON,
                () -> {
                    assertThat(home.instance("books").replicas())
                            .extracting(Replica::state)
                            .containsOnly("Streaming");
                    assertThat(readOnly()).isEqualTo(rows);
                });
    }

    private void awaitBackupAfterRestore() {
        Eventually.within(
                SOON,
                () -> {
                    assertThat(newest("books").cause()).isEqualTo("after-restore");
                    assertThat(newest("books").state()).isEqualTo("Available");
                    assertThat(newest("books").timeline()).contains(2);
                });
    }

    private String readOnly() {
        try (ToygresClient client = home.client()) {
            var address = client.getInstance("books").endpoints().orElseThrow().readOnly();
            try (Connection connection =
                            Home.connect(
                                    client.getCredentials("books"),
                                    address.host(),
                                    address.port());
                    Statement statement = connection.createStatement();
                    var rows = statement.executeQuery(ROWS)) {
                rows.next();
                return rows.getString(1);
            }
        } catch (SQLException away) {
            return String.valueOf(away.getMessage());
        }
    }

    private void execute(String sql) throws SQLException {
        Sql.execute(home, "books", sql);
    }

    private String rows() throws SQLException {
        return Sql.ask(home, "books", ROWS);
    }
}
