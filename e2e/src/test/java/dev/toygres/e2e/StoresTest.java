package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.client.ToygresClient;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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

        secret("passphrase", "another one");
        assertThat(home.toygres("backup", "create", "pg").errors())
                .contains("encrypted with another passphrase");
        secret("passphrase", "correct horse battery staple");

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
        assertThat(ask("copy", "select count(*) || ', ' || max(id) from rows"))
                .isEqualTo("101, 101");
        assertThat(home.toygres("backup", "window", "pg").succeeded().output())
                .as("without a gap")
                .doesNotContain("Not between");
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
        flip(largest(backups()));

        assertThat(home.toygres("backup", "verify", id).exitCode()).isEqualTo(1);
        assertThat(home.toygres("backup", "list", "pg").succeeded().output()).contains("Damaged");
        assertThat(home.toygres("backup", "window", "pg").succeeded().output())
                .contains("Nothing can be restored");
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static Path largest(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
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
        Path file = Files.createTempFile("toygres", ".secret");
        Files.writeString(file, value);
        home.toygres("secret", "set", name, "--file", file.toString()).succeeded();
        Files.delete(file);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = home.connect("pg", false);
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
