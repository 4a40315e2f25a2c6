package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.RestoreWindow;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /** R4.26, R4.43, R4.46, R4.54-R4.57, D12: a replica, load, and a failover in the middle. */
    @Test
    void r4RowsComeBackAsTheyWereAlsoOnceTheInstanceIsGone() throws SQLException {
        home.create("ledger");
        home.toygres("replica", "add", "ledger", "r1").succeeded();
        home.toygres("backup", "schedule", "ledger", "--path", store.of("ledger").toString())
                .succeeded();
        Sql.execute(home, "ledger", "create table rows (id int)");
        Instant later;
        List<String> restores = new ArrayList<>();
        try (Load load = Load.on(home, "ledger", false)) {
            home.toygres("backup", "create", "ledger").succeeded();
            insert(1, 10);
            home.toygres("backup", "create", "ledger", "--type", "incremental").succeeded();
            insert(11, 18);
            home.toygres("failover", "ledger", "--to", "r1").succeeded();
            insert(19, 20);
            home.toygres("backup", "point", "ledger", "farewell").succeeded();
            insert(21, 25);
            later = Sql.time(home, "ledger");
            String delete =
                    Sql.ask(home, "ledger", "delete from rows returning pg_current_xact_id()");
            insert(100, 100);
            assertThat(load.acknowledgedCount()).isPositive();

            assertThat(home.toygres("backup", "list", "ledger").succeeded().output())
                    .contains("Full", "Incremental", "Available")
                    .as("R4.43: from the replica")
                    .contains("r1");
            restores.add(begin("ledger", "later", "--at", later.toString()));
            restores.add(begin("ledger", "undone", "--xid", delete, "--exclusive"));
        }
        for (String operation : restores) {
            home.toygres("operation", "watch", operation).succeeded();
        }
        assertThat(rows("later")).as("a time after the failover").isEqualTo(numbers(1, 25));
        assertThat(window("ledger").gaps()).as("the failover left none").isEmpty();
        assertThat(window("ledger").latest().orElseThrow()).isAfter(later);
        assertThat(rows("undone")).as("just before the delete").isEqualTo(numbers(1, 25));
        assertThat(
                        home.toygres(
                                "restore",
                                "ledger",
                                "--to-new",
                                "never",
                                "--at",
                                "2020-01-01T00:00:00Z"))
                .as("D12: outside of the window")
                .matches(refused -> refused.exitCode() == 4)
                .matches(refused -> refused.errors().contains("restorable is"));

        home.toygres("delete", "ledger").succeeded();
        assertThat(home.toygres("get", "ledger").exitCode()).isEqualTo(3);
        String last = begin("ledger", "heir", "--name", "farewell");
        home.toygres("operation", "watch", last).succeeded();
        assertThat(rows("heir")).as("P53: its backups outlive it").isEqualTo(numbers(1, 20));
    }

    private RestoreWindow window(String id) {
        try (ToygresClient client = home.client()) {
            return client.getRestoreWindow(id);
        }
    }

    private void insert(int from, int to) throws SQLException {
        for (int id = from; id <= to; id++) {
            Sql.execute(home, "ledger", "insert into rows values (" + id + ")");
        }
    }

    private static String numbers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
    }

    /** Answers its operation. */
    private String begin(String source, String target, String... upTo) {
        List<String> words =
                new ArrayList<>(List.of("restore", source, "--to-new", target, "--size", SIZE));
        words.addAll(List.of(upTo));
        return home.begin(words.toArray(String[]::new));
    }

    private String rows(String id) throws SQLException {
        return Sql.ask(home, id, "select string_agg(id::text, ',' order by id) from rows");
    }
}
