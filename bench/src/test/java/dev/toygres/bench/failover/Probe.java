package dev.toygres.bench.failover;

import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The probe that the peers were measured with: four writers, one row in each commit, a gap where
 * nobody's commit was acknowledged. It runs as a process of its own and needs Debian's
 * python3-psycopg2.
 */
public final class Probe {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Path directory;
    private final Process process;

    private Probe(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /** Writes to a DSN of libpq, at so many commits a second and writer; all writers are up. */
    public static Probe on(Path directory, String dsn, String table, int rate) throws IOException {
        Path script = directory.resolve("failover_probe.py");
        if (!Files.exists(script)) {
            try (InputStream source = Probe.class.getResourceAsStream("failover_probe.py")) {
                Files.write(script, Objects.requireNonNull(source).readAllBytes());
            }
        }
        Path own = Files.createTempDirectory(directory, "probe");
        List<String> command =
                List.of(
                        "/usr/bin/python3",
                        script.toString(),
                        "--dsn=" + dsn,
                        "--rate=" + rate,
                        "--table=" + table,
                        "--min-after=2.5",
                        "--settle=1",
                        "--event-file=" + own.resolve("event"),
                        "--ready-file=" + own.resolve("ready"));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(own.resolve("errors").toFile())
                        .redirectOutput(own.resolve("answer").toFile())
                        .start();
        Probe probe = new Probe(own, process);
        Eventually.until(SOON, "the probe writes: " + own, probe::isReady);
        return probe;
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new AssertionError("no probe; python3-psycopg2 is needed: " + words("errors"));
        }
        return Files.exists(directory.resolve("ready"));
    }

    private String words(String file) {
        try {
            return Files.readString(directory.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException none) {
            return "";
        }
    }

    /** From here on a gap counts. */
    public void event() throws IOException {
        Path next = directory.resolve("event.new");
        Files.writeString(next, String.valueOf(System.nanoTime() / 1e9));
        Files.move(next, directory.resolve("event"));
    }

    /** Once writes flow again: what it saw. */
    public Seen seen() throws InterruptedException {
        process.waitFor();
        JsonNode answer = JsonMapper.shared().readTree(words("answer"));
        if (!answer.path("recovered").asBoolean()) {
            throw new AssertionError("writes did not come back: " + answer + words("errors"));
        }
        return new Seen(
                Math.round(answer.path("gap_ms").asDouble()),
                answer.path("acked").asInt(),
                answer.path("failed").asInt(),
                answer.path("lost_acked").asInt(),
                answer.path("duplicates").asInt());
    }

    /**
     * @param gapMs longest time without an acknowledged commit
     * @param failed writes and connects that ended in an error
     */
    public record Seen(long gapMs, int acknowledged, int failed, int lost, int duplicates) {}
}
