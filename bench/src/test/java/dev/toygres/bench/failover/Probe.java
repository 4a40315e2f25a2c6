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
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The probe that the peers were measured with: four writers, one row in each commit, a gap where
 * nobody's commit was acknowledged. It runs as a process of its own and needs Debian's
 * python3-psycopg2.
 */
public final class Probe {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final List<String> program;
    private final Path directory;
    private final Process process;

    private Probe(List<String> program, Path directory, Process process) {
        this.program = program;
        this.directory = directory;
        this.process = process;
    }

    /** What is measured usually happens at once. */
    private static final double WATCHED = 2.5;

    /** Writes to a DSN of libpq, at so many commits a second and writer; all writers are up. */
    public static Probe on(Path directory, String dsn, String table, int rate) throws IOException {
        return on(directory, dsn, table, rate, WATCHED);
    }

    /**
     * @param seconds how long it goes on after the event, at least
     */
    public static Probe on(Path directory, String dsn, String table, int rate, double seconds)
            throws IOException {
        Path script = directory.resolve("failover_probe.py");
        if (!Files.exists(script)) {
            try (InputStream source = Probe.class.getResourceAsStream("failover_probe.py")) {
                Files.write(script, Objects.requireNonNull(source).readAllBytes());
            }
        }
        Path own = Files.createTempDirectory(directory, "probe");
        List<String> program =
                List.of("/usr/bin/python3", script.toString(), "--dsn=" + dsn, "--table=" + table);
        List<String> arguments =
                List.of(
                        "--rate=" + rate,
                        "--min-after=" + seconds,
                        "--settle=1",
                        "--event-file=" + own.resolve("event"),
                        "--ready-file=" + own.resolve("ready"),
                        "--log=" + own.resolve("log"));
        Probe probe = new Probe(program, own, start(program, arguments, own, "answer"));
        Eventually.until(SOON, "the probe writes: " + own, probe::isReady);
        return probe;
    }

    private static Process start(
            List<String> program, List<String> arguments, Path own, String answer)
            throws IOException {
        return new ProcessBuilder(Stream.concat(program.stream(), arguments.stream()).toList())
                .redirectError(own.resolve("errors").toFile())
                .redirectOutput(own.resolve(answer).toFile())
                .start();
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
                Math.round(answer.path("restored_after_event_ms").asDouble()),
                answer.path("acked").asInt(),
                answer.path("failed").asInt(),
                answer.path("lost_acked").asInt(),
                answer.path("duplicates").asInt());
    }

    /** How many of the rows that it had an acknowledgement of are not there any more, by now. */
    public int lostByNow() throws IOException, InterruptedException {
        List<String> arguments = List.of("--verify-log=" + directory.resolve("log"));
        start(program, arguments, directory, "later").waitFor();
        JsonNode answer = JsonMapper.shared().readTree(words("later"));
        if (!answer.has("lost_acked")) {
            throw new AssertionError("it cannot look them up: " + words("errors"));
        }
        return answer.path("lost_acked").asInt();
    }

    /**
     * @param gapMs longest time without an acknowledged commit
     * @param restoredMs from the event to the end of that
     * @param failed writes and connects that ended in an error
     */
    public record Seen(
            long gapMs, long restoredMs, int acknowledged, int failed, int lost, int duplicates) {}
}
