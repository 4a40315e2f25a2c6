package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Backup;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** P53: the primary dies in the middle of a backup. What is listed as good can be restored. */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupFailoverTest {
    private static final Duration SOON = Duration.ofSeconds(90);

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

    @Test
    void p53TheReplicaThatIsCopiedBecomesThePrimary() throws SQLException {
        begin("copied");
        home.toygres("replica", "add", "copied", "copied-r1").succeeded();
        home.awaitReady("copied");
        try (Clerks clerks = Clerks.on(home, "copied")) {
            String operation = home.begin("backup", "create", "copied");
            List<Long> engine = freeze();
            assertThat(sources(engine)).contains("copied-r1");

            dies("copied", clerks);

            goesOn("copied", clerks, operation, engine);
        }
    }

    @Test
    void p53ThePrimaryThatIsCopiedDies() throws SQLException {
        begin("dead");
        try (Clerks clerks = Clerks.on(home, "dead")) {
            String operation = home.begin("backup", "create", "dead");
            List<Long> engine = freeze();
            assertThat(sources(engine)).contains(home.primary("dead"));
            home.toygres("replica", "add", "dead", "dead-r1").succeeded();
            home.awaitReady("dead");

            dies("dead", clerks);

            goesOn("dead", clerks, operation, engine);
        }
    }

    /** Its agent, guard, Postgres and the engine at once: nobody is left who could clean up. */
    @Test
    void p53TheHostThatIsCopiedFromIsLost() throws SQLException {
        begin("lost");
        home.toygres("replica", "add", "lost", "lost-r1").succeeded();
        home.awaitReady("lost");
        try (Clerks clerks = Clerks.on(home, "lost")) {
            String operation = home.begin("backup", "create", "lost");
            List<Long> engine = freeze();
            assertThat(sources(engine)).contains("lost-r1");
            String host = home.hostOf("lost-r1");

            home.killHost(host);
            clerks.awaitMore(20);

            List<Long> left = engine.stream().filter(Home::alive).toList();
            left.forEach(pid -> Home.signal(pid, "CONT"));
            home.toygres("operation", "watch", operation).succeeded();
            Backup first = newest("lost");
            assertThat(first.state()).as("of the primary").isEqualTo("Available");
            restores(first.id(), clerks);

            home.toygres("up", "--host", host).succeeded();
            home.awaitReady("lost");
            home.toygres("backup", "create", "lost").succeeded();
            assertThat(newest("lost").id()).isNotEqualTo(first.id());
            restores(newest("lost").id(), clerks);
        }
        home.toygres("delete", "lost").succeeded();
    }

    /** The same of the primary's: the next one takes the backup, or it fails clean. */
    @Test
    void p53TheHostOfThePrimaryThatIsCopiedIsLost() throws SQLException {
        begin("gone");
        try (Clerks clerks = Clerks.on(home, "gone")) {
            String operation = home.begin("backup", "create", "gone");
            List<Long> engine = freeze();
            String before = home.primary("gone");
            assertThat(sources(engine)).contains(before);
            home.toygres("replica", "add", "gone", "gone-r1").succeeded();
            home.awaitReady("gone", 1);
            String host = home.hostOf(before);

            home.killHost(host);
            Eventually.until(
                    SOON, "the replica took over", () -> !home.primary("gone").equals(before));
            clerks.awaitMore(20);

            home.toygres("operation", "watch", operation);
            Backup first = newest("gone");
            assertThat(first.state()).isIn("Available", "Failed");
            home.toygres("backup", "create", "gone").succeeded();
            assertThat(newest("gone").id()).isNotEqualTo(first.id());
            restores(newest("gone").id(), clerks);

            home.toygres("up", "--host", host).succeeded();
            home.awaitReady("gone");
            assertThat(engine("backup")).isEmpty();
            home.toygres("backup", "create", "gone", "--type", "incremental").succeeded();
            restores(newest("gone").id(), clerks);
        }
        home.toygres("delete", "gone").succeeded();
    }

    private void begin(String id) throws SQLException {
        home.create(id);
        home.toygres("backup", "schedule", id, "--path", store.of(id).toString()).succeeded();
    }

    /** In its middle for as long as it takes. */
    private List<Long> freeze() {
        Eventually.until(SOON, "a backup runs", () -> !engine("backup").isEmpty());
        List<Long> all = engine("backup");
        all.forEach(pid -> Home.signal(pid, "STOP"));
        return all;
    }

    private List<Long> engine(String command) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> Home.title(pid).startsWith("pgbackrest\0"))
                    .filter(pid -> Home.title(pid).contains(home.real() + "/"))
                    .filter(pid -> Home.title(pid).contains("\0" + command + "\0"))
                    .toList();
        }
    }

    private static String sources(List<Long> engine) {
        return String.join(" ", engine.stream().map(Home::title).toList());
    }

    private void dies(String id, Clerks clerks) {
        clerks.awaitMore(20);
        String before = home.primary(id);
        Home.kill9(home.postmaster(home.hostOf(before), before));
        Eventually.until(SOON, id + " has another primary", () -> !home.primary(id).equals(before));
        clerks.awaitMore(20);
    }

    private void goesOn(String id, Clerks clerks, String operation, List<Long> engine)
            throws SQLException {
        engine.stream().filter(Home::alive).forEach(pid -> Home.signal(pid, "CONT"));
        home.toygres("operation", "watch", operation);
        Backup first = newest(id);
        assertThat(first.state()).isIn("Available", "Failed");
        if (first.state().equals("Available")) {
            restores(first.id(), clerks);
        }

        home.toygres("backup", "create", id).succeeded();
        Backup next = newest(id);
        assertThat(next.id()).isNotEqualTo(first.id());
        assertThat(next.timeline()).contains(2);
        restores(next.id(), clerks);
        assertThat(engine("server")).as("the old primary serves no backup any more").isEmpty();
    }

    /** As it is, and up to now. */
    private void restores(String backup, Clerks clerks) throws SQLException {
        home.toygres("backup", "verify", backup).succeeded();
        var before = clerks.acknowledged();
        for (Optional<String> upTo : List.of(Optional.<String>empty(), Optional.of("--latest"))) {
            List<String> words =
                    Stream.concat(
                                    Stream.of(
                                            "restore",
                                            backup,
                                            "--to-new",
                                            "copy",
                                            "--size",
                                            "nano"),
                                    upTo.stream())
                            .toList();
            home.toygres(words.toArray(String[]::new)).succeeded();
            var rows = Clerks.rows(home, "copy");
            assertThat(rows).isNotEmpty();
            assertThat(lacking(rows, clerks.begun())).as("nobody wrote these").isEmpty();
            if (upTo.isPresent()) {
                assertThat(lacking(before, rows)).as("lost").isEmpty();
            }
            home.toygres("delete", "copy").succeeded();
        }
    }

    /** What of those is not among the others: there are thousands. */
    private static Set<Long> lacking(Collection<Long> those, Collection<Long> others) {
        Set<Long> lacking = new HashSet<>(those);
        lacking.removeAll(others);
        return lacking;
    }

    private Backup newest(String id) {
        try (ToygresClient client = home.client()) {
            return client.listBackups(id, ListQuery.first()).items().getFirst();
        }
    }
}
