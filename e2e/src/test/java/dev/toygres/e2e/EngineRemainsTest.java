package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Backup;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Processes of the backup engine end with what they work for, whatever state they are in. */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineRemainsTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Duration PUSH = Duration.ofSeconds(5);

    private Home home;
    private LocalStore store;

    @BeforeAll
    void up() throws IOException {
        store = new LocalStore();
        home = Home.up(1);
    }

    @AfterAll
    void down() throws IOException {
        home.close();
        store.close();
    }

    @Test
    void whoPushedWalOutlivedItsInstance() throws SQLException {
        begin("stopped");
        freezePush("stopped");
        home.toygres("stop", "stopped").succeeded();
        assertThat(engine("/stopped-")).as("of one that is stopped").isEmpty();
        home.toygres("start", "stopped").succeeded();
        home.toygres("backup", "point", "stopped", "after").succeeded();
        freezePush("stopped");
        home.toygres("delete", "stopped").succeeded();
        assertThat(engine("/stopped-")).as("of one that is deleted").isEmpty();
    }

    @Test
    void whoTookABackupOrPushedWalOutlivedDown() throws SQLException {
        begin("pg");
        String backup = home.begin("backup", "create", "pg");
        Eventually.until(SOON, "a backup runs", () -> freeze("backup"));
        freezePush("pg");
        home.toygres("down").succeeded();
        assertThat(engine("")).isEmpty();

        home.toygres("up").succeeded();
        home.toygres("operation", "watch", backup);
        assertThat(backups()).hasSize(2).extracting(Backup::state).doesNotContain("Creating");
        home.toygres("backup", "create", "pg").succeeded();
        try (ToygresClient client = home.client()) {
            assertThat(client.getRestoreWindow("pg").gaps()).isEmpty();
        }
    }

    private void begin(String id) throws SQLException {
        home.create(id);
        home.toygres("backup", "schedule", id, "--path", store.of(id).toString()).succeeded();
        home.toygres("backup", "create", id).succeeded();
    }

    /** Looked for while there is something to push. */
    private void freezePush(String id) {
        Eventually.until(
                SOON,
                "WAL of %s is pushed".formatted(id),
                () -> {
                    Sql.execute(
                            home,
                            id,
                            "create table t%d as select repeat(md5(i::text), 40) from generate_series(1, 15000) i"
                                    .formatted(System.nanoTime()));
                    return isSeenSoon("archive-push:async");
                });
    }

    private boolean isSeenSoon(String command) {
        long giveUp = System.nanoTime() + PUSH.toNanos();
        while (System.nanoTime() < giveUp) {
            if (freeze(command)) {
                return true;
            }
        }
        return false;
    }

    private boolean freeze(String command) {
        List<Long> all = engine("\0" + command + "\0");
        all.forEach(pid -> Home.signal(pid, "STOP"));
        return all.stream().anyMatch(Home::alive);
    }

    private List<Long> engine(String words) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> Home.title(pid).startsWith("pgbackrest\0"))
                    .filter(pid -> Home.title(pid).contains(home.real() + "/"))
                    .filter(pid -> Home.title(pid).contains(words))
                    .filter(Home::alive)
                    .toList();
        }
    }

    private List<Backup> backups() {
        try (ToygresClient client = home.client()) {
            return client.listBackups("pg", ListQuery.first()).items();
        }
    }
}
