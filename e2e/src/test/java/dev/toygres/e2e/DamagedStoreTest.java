package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Alert;
import dev.toygres.api.Backup;
import dev.toygres.api.RestoreWindow;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a store loses is found, named, and never restored over without a word (R4.50, D12, P53). */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedStoreTest {
    /** A hole counts once it has lasted two minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String ROWS = "select string_agg(id::text, ',' order by id) from rows";

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

    /** Each row in a segment of its own; that of the second one goes. */
    @Test
    void d12WhatADeletedSegmentHeldIsNeverPassedOverInSilence() throws Exception {
        begin("holed");
        String backup = take("holed", "full");
        Instant one = write("holed", 1).at();
        Row lost = write("holed", 2);
        Instant two = lost.at();
        Row last = write("holed", 3);
        Instant three = last.at();
        Files.delete(store.files("holed", ".*/" + lost.segment() + "-.*").getFirst());

        home.toygres("backup", "verify", backup).succeeded();

        assertThat(window("holed").latest().orElseThrow())
                .as("up to the hole, and as far")
                .isBetween(one, two);
        for (List<String> upTo :
                List.of(
                        List.of("--at", two.toString()),
                        List.of("--at", three.toString()),
                        List.of("--name", "point-3"),
                        List.of("--lsn", last.lsn()),
                        List.of("--latest"))) {
            Launcher.Outcome refused = restore("holed", "never", upTo);
            assertThat(refused.exitCode()).as("%s: %s", upTo, refused).isEqualTo(4);
            assertThat(refused.errors()).contains("cannot be reached", "restorable is");
        }
        assertThat(home.toygres("list").succeeded().output()).doesNotContain("never");
        restore("holed", "before", List.of("--at", one.toString())).succeeded();
        assertThat(Sql.ask(home, "before", ROWS)).isEqualTo("1");

        Eventually.within(
                PATIENCE,
                () -> {
                    assertThat(alert("holed", "ArchiveGap")).contains("WAL of holed is missing");
                    assertThat(available("holed")).as("by itself").hasSize(2);
                });
        assertThat(window("holed").gaps())
                .singleElement()
                .satisfies(
                        gap -> {
                            assertThat(gap.from()).isBetween(one, two);
                            assertThat(gap.to()).isAfter(three);
                        });
        assertThat(home.toygres("backup", "window", "holed").succeeded().output())
                .contains("Not between");
        Eventually.within(
                PATIENCE,
                () ->
                        assertThat(alert("holed", "ArchiveGap"))
                                .contains(
                                        "no time between "
                                                + window("holed").gaps().getFirst().from()));
        assertThat(restore("holed", "never", List.of("--at", three.toString())).errors())
                .contains("cannot be reached", "except");
        restore("holed", "after", List.of("--latest")).succeeded();
        assertThat(Sql.ask(home, "after", ROWS)).isEqualTo("1,2,3");
        isFoundInASegmentThatIsThere();
    }

    /** The same of one that the store gives back with another bit. */
    private void isFoundInASegmentThatIsThere() throws Exception {
        Instant four = write("holed", 4).at();
        Row bent = write("holed", 5);
        write("holed", 6);
        LocalStore.flip(store.files("holed", ".*/" + bent.segment() + "-.*").getFirst());

        home.toygres("backup", "verify", available("holed").getFirst().id()).succeeded();

        assertThat(window("holed").latest().orElseThrow()).isBetween(four, bent.at());
        assertThat(restore("holed", "never", List.of("--latest")).exitCode()).isEqualTo(4);
    }

    /** A Full and what stands on it; a later Full is the way on. */
    @Test
    void p53WhatStandsOnADamagedBackupIsNotRestorable() throws Exception {
        begin("bent");
        String full = take("bent", "full");
        Instant one = write("bent", 1).at();
        String incremental = take("bent", "incremental");
        Instant two = write("bent", 2).at();
        String later = take("bent", "full");
        write("bent", 3);
        LocalStore.flip(fulls("bent").getFirst());

        Launcher.Outcome verified = home.toygres("backup", "verify", incremental);

        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.errors()).contains(incremental, full, "Damaged");
        assertThat(window("bent").earliest().orElseThrow()).isAfter(two);
        Launcher.Outcome refused = restore("bent", "never", List.of("--at", one.toString()));
        assertThat(refused.exitCode()).as("%s", refused).isEqualTo(4);
        assertThat(refused.errors())
                .contains("cannot be reached", window("bent").earliest().orElseThrow().toString());
        assertThat(restore(incremental, "never", List.of()).exitCode()).isEqualTo(4);
        Eventually.within(
                PATIENCE,
                () ->
                        assertThat(alert("bent", "BackupDamaged"))
                                .contains(full)
                                .contains(incremental)
                                .doesNotContain(later));
        restore("bent", "straight", List.of("--latest")).succeeded();
        assertThat(Sql.ask(home, "straight", ROWS)).isEqualTo("1,2,3");
        isFoundByTheRestoreToo();
    }

    /** Nobody has verified it since it was bent. */
    private void isFoundByTheRestoreToo() throws Exception {
        LocalStore.flip(fulls("bent").getLast());

        Launcher.Outcome failed = restore("bent", "broken", List.of("--latest"));

        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.errors()).contains("the backup cannot be fetched");
        assertThat(home.instance("broken").state()).isEqualTo("Failed");
        home.toygres("delete", "broken").succeeded();
    }

    private void begin(String id) throws SQLException {
        home.create(id);
        home.toygres("backup", "schedule", id, "--path", store.of(id).toString()).succeeded();
        Sql.execute(home, id, "create table rows (id int)");
    }

    private String take(String id, String type) {
        home.toygres("backup", "create", id, "--type", type).succeeded();
        return available(id).getFirst().id();
    }

    /** Where it was there; its segment has ended. */
    private record Row(Instant at, String lsn, String segment) {}

    private Row write(String id, int row) throws SQLException {
        Sql.execute(home, id, "insert into rows values (" + row + ")");
        String lsn = Sql.ask(home, id, "select pg_current_wal_insert_lsn()");
        Row written =
                new Row(
                        Sql.time(home, id),
                        lsn,
                        Sql.ask(home, id, "select pg_walfile_name('" + lsn + "')"));
        home.toygres("backup", "point", id, "point-" + row).succeeded();
        return written;
    }

    /** Oldest first. */
    private List<Path> fulls(String id) throws IOException {
        try (Stream<Path> all =
                Files.list(store.of(id).resolve(id).resolve("physical/backup/main"))) {
            return all.filter(one -> one.getFileName().toString().matches("\\d{8}-\\d{6}F"))
                    .sorted()
                    .toList();
        }
    }

    private Launcher.Outcome restore(String from, String target, List<String> upTo) {
        List<String> words =
                new ArrayList<>(List.of("restore", from, "--to-new", target, "--size", "nano"));
        words.addAll(upTo);
        return home.toygres(words.toArray(String[]::new));
    }

    /** Newest first. */
    private List<Backup> available(String id) {
        try (ToygresClient client = home.client()) {
            return client.listBackups(id, ListQuery.first()).items().stream()
                    .filter(one -> one.state().equals("Available"))
                    .toList();
        }
    }

    private RestoreWindow window(String id) {
        try (ToygresClient client = home.client()) {
            return client.getRestoreWindow(id);
        }
    }

    /** Its words; empty where there is none. */
    private String alert(String id, String kind) {
        try (ToygresClient client = home.client()) {
            return client.listAlerts(ListQuery.first().where("instanceId", id)).items().stream()
                    .filter(one -> one.kind().equals(kind) && one.resolvedAt().isEmpty())
                    .map(Alert::message)
                    .findFirst()
                    .orElse("");
        }
    }
}
