package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.api.Credentials;
import dev.toygres.client.ListQuery;
import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** D14, P1: every secret of a run is searched for wherever it has no business to be. */
@Tag("e2e")
class SecretsTest {
    private static final Pattern WORDS = Pattern.compile("[\\s\"':=]+");

    @Test
    void noSecretIsFoundOutsideItsPlace() throws IOException {
        try (Home home = Home.up(1)) {
            home.create("quiet");
            home.toygres("restart", "quiet").succeeded();
            home.toygres("psql", "quiet", "--", "-Atc", "select 1").succeeded();
            Map<String, String> secrets = secrets(home);
            assertThat(secrets).hasSizeGreaterThan(3);

            List<String> found = new ArrayList<>();
            commandLines().forEach((where, text) -> search(secrets, where, text, found));
            logs(home).forEach((where, text) -> search(secrets, where, text, found));
            answers(home).forEach((where, text) -> search(secrets, where, text, found));
            search(secrets, "catalogue", catalogue(home), found);

            assertThat(found).isEmpty();
        }
    }

    /** By where it is allowed to be. */
    private static Map<String, String> secrets(Home home) throws IOException {
        Map<String, String> secrets = new LinkedHashMap<>();
        try (ToygresClient client = home.client()) {
            Credentials credentials = client.getCredentials("quiet");
            secrets.put("the owner's password", credentials.password());
        }
        secrets.put("the admin token", home.config("token"));
        // Every file that nobody but its owner may read holds a secret, or part of one.
        try (Stream<Path> files = Files.walk(home.directory().toRealPath())) {
            files.filter(SecretsTest::holdsSecret)
                    .forEach(
                            file ->
                                    Home.read(file)
                                            .lines()
                                            .flatMap(WORDS::splitAsStream)
                                            .filter(word -> word.length() >= 20)
                                            .filter(word -> !word.startsWith("/"))
                                            .filter(word -> !word.contains("BEGIN"))
                                            .forEach(
                                                    word ->
                                                            secrets.put(
                                                                    file
                                                                            + " "
                                                                            + word.substring(0, 4),
                                                                    word)));
        }
        return secrets;
    }

    private static boolean holdsSecret(Path file) {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && List.of("master", "password", "admin", ".key", "pgpass", "userlist").stream()
                        .anyMatch(name::contains);
    }

    private static Map<String, String> commandLines() throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .forEach(
                            path -> {
                                try {
                                    lines.put(
                                            path.toString(),
                                            Files.readString(path.resolve("cmdline")));
                                } catch (IOException gone) {
                                    // It ended while we looked: there is nothing to see any more.
                                    lines.put(path.toString(), "");
                                }
                            });
        }
        return lines;
    }

    private static Map<String, String> logs(Home home) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(home.directory().toRealPath())) {
            files.filter(
                            file ->
                                    file.toString().endsWith(".log")
                                            || file.toString().contains("/logs/"))
                    .filter(Files::isRegularFile)
                    .forEach(file -> texts.put(file.toString(), latin(file)));
        }
        assertThat(texts).isNotEmpty();
        return texts;
    }

    private static Map<String, String> answers(Home home) {
        try (ToygresClient client = home.client()) {
            return Map.of(
                    "GET instances", client.listInstances(ListQuery.first()).toString(),
                    "GET operations", client.listOperations(ListQuery.first()).toString(),
                    "GET audit", client.listAudit(ListQuery.first()).toString(),
                    "GET hosts", client.listHosts(ListQuery.first()).toString(),
                    "GET tokens", client.listTokens(ListQuery.first()).toString());
        }
    }

    /** The files of the catalogue: whatever stands in any row, journal or index. */
    private static String catalogue(Home home) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home.directory().toRealPath().resolve("catalogue"))) {
            files.filter(Files::isRegularFile)
                    .filter(
                            file ->
                                    file.toString().contains("/base/")
                                            || file.toString().contains("/pg_wal/"))
                    .forEach(file -> all.append(latin(file)));
        }
        assertThat(all.length()).isGreaterThan(1_000_000);
        return all.toString();
    }

    private static void search(
            Map<String, String> secrets, String where, String text, List<String> found) {
        secrets.forEach(
                (what, secret) -> {
                    if (text.contains(secret)) {
                        found.add(what + " in " + where);
                    }
                });
    }

    private static String latin(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
