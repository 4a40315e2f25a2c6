package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Backup;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import dev.toygres.model.Lsn;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** R4.13: backups in a store that speaks S3 over TLS, encrypted; and what can go wrong with it. */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoresTest {
    /** The archiver asks a dead store once a minute only. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Home home;
    private S3Server s3;

    @BeforeAll
    void up() throws IOException {
        s3 = S3Server.start();
        home = Home.up(1);
    }

    @AfterAll
    void down() throws IOException {
        home.close();
        s3.close();
    }

    @Test
    void r4AStoreIsProvenReliedOnAndItsDamageIsFound() throws Exception {
        home.create("pg");
        secret("keys", S3Server.CREDENTIALS);
        secret("wrong-keys", "AKIATEST:not-the-secret");
        secret("passphrase", "correct horse battery staple");

        refused("credentialsRef", schedule(S3Server.BUCKET, "wrong-keys"));
        refused("bucket", schedule("no-such-bucket", "keys"));
        List<String> withoutAuthority = new ArrayList<>(schedule(S3Server.BUCKET, "keys"));
        withoutAuthority.removeLast();
        withoutAuthority.removeLast();
        refused("caCertificate", withoutAuthority);
        run(schedule(S3Server.BUCKET, "keys")).succeeded();

        execute("create table rows as select generate_series(1, 100) as id");
        home.toygres("backup", "create", "pg").succeeded();
        assertThat(Files.readString(backups().resolve("backup.info"), StandardCharsets.ISO_8859_1))
                .as("encrypted")
                .startsWith("Salted__");

        Launcher.Outcome over = put("passphrase", "another one");
        assertThat(over.exitCode()).as("it is the only one").isEqualTo(4);
        assertThat(over.errors()).contains("the backups of pg").contains("nothing else opens them");
        secret("another-passphrase", "another one");
        List<String> withAnother = new ArrayList<>(schedule(S3Server.BUCKET, "keys"));
        withAnother.replaceAll(word -> word.equals("passphrase") ? "another-passphrase" : word);
        assertThat(run(withAnother).errors()).contains("choose another place for a new key");

        catchesUpAfterTheStoreWasAway();
        findsAFlippedByte();
    }

    /**
     * A store that is down keeps nobody from writing and is told of; what waits is archived by
     * itself when it is back, and nothing is missing.
     */
    private void catchesUpAfterTheStoreWasAway() throws Exception {
        s3.down();
        execute(
                "create table filler as select repeat(md5(i::text), 40) from generate_series(1, 40000) i");
        execute("insert into rows values (101)");
        Instant written = Instant.now();
        Eventually.within(PATIENCE, () -> assertThat(alerts()).contains("StoreUnreachable"));
        s3.up();
        Eventually.within(
                PATIENCE,
                () -> {
                    assertThat(latest()).as("by itself").isAfter(written);
                    assertThat(alerts()).doesNotContain("StoreUnreachable");
                });
        home.toygres("restore", "pg", "--to-new", "copy", "--size", "nano", "--latest").succeeded();
        assertThat(Sql.ask(home, "copy", "select count(*) || ', ' || max(id) from rows"))
                .isEqualTo("101, 101");
        assertThat(home.toygres("backup", "window", "pg").succeeded().output())
                .as("without a gap")
                .doesNotContain("Not between");
    }

    /** R4.31, R4.51: at its minute; and what nobody has to keep goes from the store. */
    @Test
    void r4AScheduledBackupIsTakenAndAnExpiredOneGoes() throws Exception {
        home.create("clockwork");
        Path place = s3.bucket().resolve("clockwork");
        secret("clock-keys", S3Server.CREDENTIALS);
        home.toygres(
                        "backup",
                        "schedule",
                        "clockwork",
                        "--bucket",
                        S3Server.BUCKET,
                        "--endpoint",
                        s3.endpoint(),
                        "--credentials",
                        "clock-keys",
                        "--store-ca",
                        s3.authority().toString(),
                        "--full",
                        "* * * * *",
                        "--incremental",
                        "none",
                        "--keep-days",
                        "0",
                        "--keep-weeks",
                        "0",
                        "--keep-months",
                        "0")
                .succeeded();
        Eventually.within(
                Duration.ofMinutes(4),
                () ->
                        assertThat(available("clockwork"))
                                .extracting(Backup::cause)
                                .contains("scheduled"));
        home.toygres("backup", "pause", "clockwork").succeeded();
        Sql.execute(home, "clockwork", "create table rows as select 7 as id");
        Backup scheduled = available("clockwork").getFirst();
        Eventually.within(
                Duration.ofMinutes(2),
                () -> home.toygres("backup", "create", "clockwork").succeeded());

        assertThat(available("clockwork"))
                .singleElement()
                .satisfies(one -> assertThat(one.cause()).isEqualTo("manual"));
        assertThat(home.toygres("backup", "get", scheduled.id()).exitCode()).isEqualTo(3);
        assertThat(names(place, "[0-9]{8}-[0-9]{6}F")).as("in the store").hasSize(1);
        String begin = available("clockwork").getFirst().startLsn().orElseThrow();
        assertThat(names(place, "[0-9A-F]{24}-.*"))
                .as("WAL that no backup needs has gone with them")
                .allSatisfy(name -> assertThat(name).isGreaterThanOrEqualTo(segment(begin)));
        home.toygres("restore", "clockwork", "--to-new", "kept", "--size", "nano", "--latest")
                .succeeded();
        assertThat(Sql.ask(home, "kept", "select string_agg(id::text, ',') from rows"))
                .isEqualTo("7");
    }

    private List<Backup> available(String id) {
        try (ToygresClient client = home.client()) {
            return client.listBackups(id, ListQuery.first()).items().stream()
                    .filter(one -> one.state().equals("Available"))
                    .toList();
        }
    }

    private static List<String> names(Path place, String pattern) throws IOException {
        try (var files = Files.walk(place)) {
            return files.map(one -> one.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .toList();
        }
    }

    /** Of the first timeline, with segments of 16 MB. */
    private static String segment(String lsn) {
        long position = Lsn.parse(lsn).value();
        return "00000001%08X%08X".formatted(position >>> 32, (position & 0xFFFFFFFFL) >>> 24);
    }

    private String alerts() {
        return home.toygres("alerts", "-o", "json").succeeded().output();
    }

    private Instant latest() {
        try (ToygresClient client = home.client()) {
            return client.getRestoreWindow("pg").latest().orElseThrow();
        }
    }

    private void findsAFlippedByte() throws IOException {
        String id =
                home.toygres("backup", "list", "pg")
                        .succeeded()
                        .output()
                        .lines()
                        .filter(line -> line.contains("Available"))
                        .map(line -> line.split(" ", 2)[0])
                        .findFirst()
                        .orElseThrow();
        home.toygres("backup", "verify", id).succeeded();
        LocalStore.flip(backups());

        assertThat(home.toygres("backup", "verify", id).exitCode()).isEqualTo(1);
        assertThat(home.toygres("backup", "list", "pg").succeeded().output()).contains("Damaged");
        assertThat(home.toygres("backup", "window", "pg").succeeded().output())
                .contains("Nothing can be restored");
    }

    private Path backups() {
        return s3.bucket().resolve("pg/physical/backup/main");
    }

    private List<String> schedule(String bucket, String credentials) {
        return List.of(
                "backup",
                "schedule",
                "pg",
                "--bucket",
                bucket,
                "--endpoint",
                s3.endpoint(),
                "--credentials",
                credentials,
                "--encrypt-with",
                "passphrase",
                "--store-ca",
                s3.authority().toString());
    }

    private Launcher.Outcome run(List<String> words) {
        return home.toygres(words.toArray(String[]::new));
    }

    private void refused(String field, List<String> words) {
        Launcher.Outcome outcome = run(words);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("config.storage." + field);
    }

    private void secret(String name, String value) throws IOException {
        put(name, value).succeeded();
    }

    private Launcher.Outcome put(String name, String value) throws IOException {
        Path file = Files.createTempFile("toygres", ".secret");
        Files.writeString(file, value);
        try {
            return home.toygres("secret", "set", name, "--file", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    private void execute(String sql) throws SQLException {
        Sql.execute(home, "pg", sql);
    }
}
