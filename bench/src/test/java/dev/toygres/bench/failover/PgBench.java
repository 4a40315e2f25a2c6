package dev.toygres.bench.failover;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** pgbench with eight clients as fast as it goes, and the time of each of its transactions. */
final class PgBench implements AutoCloseable {
    private static final String SCALE = "10";
    private static final int TIME_SECONDS = 4;
    private static final int TIME_MICROSECONDS = 5;
    private static final long FLOW_MICROS = 3_000_000;

    private final Path directory;
    private final Process process;
    private long from;

    private PgBench(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    static PgBench on(Clients clients) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(clients.directory(), "pgbench");
        run(directory, "pgbench", "-i", "-q", "-s", SCALE, clients.readWrite()).waitFor();
        return new PgBench(
                directory,
                run(
                        directory,
                        "pgbench",
                        "-c8",
                        "-j2",
                        "-T3600",
                        "-l",
                        "--log-prefix=tx",
                        clients.pooled()));
    }

    private static Process run(Path directory, String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    /** Some seconds of transactions since the last look, the newest of them just now. */
    boolean isFlowing() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError(
                    "pgbench ended: " + Files.readString(directory.resolve("output")));
        }
        List<Long> ends = ends();
        return !ends.isEmpty() && ends.getLast() - ends.getFirst() > FLOW_MICROS;
    }

    /** What was before counts no more. */
    void forget() throws IOException {
        from = ends().getLast();
    }

    long longestGapMs() throws IOException {
        long longest = 0;
        long last = from;
        for (long end : ends()) {
            longest = Math.max(longest, end - last);
            last = end;
        }
        from = last;
        return longest / 1000;
    }

    /** When transactions ended, in microseconds, in order. */
    private List<Long> ends() throws IOException {
        List<Long> ends = new ArrayList<>();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "tx.*")) {
            for (Path log : logs) {
                try (Stream<String> lines = Files.lines(log)) {
                    lines.map(line -> line.split(" ", -1))
                            .filter(words -> words.length > TIME_MICROSECONDS)
                            .map(PgBench::micros)
                            .filter(end -> end > from)
                            .forEach(ends::add);
                }
            }
        }
        ends.sort(null);
        return ends;
    }

    /** The last line may be half written. */
    private static long micros(String[] words) {
        String fraction = words[TIME_MICROSECONDS];
        return words[TIME_SECONDS].isEmpty() || fraction.isEmpty()
                ? 0
                : Long.parseLong(words[TIME_SECONDS]) * 1_000_000 + Long.parseLong(fraction);
    }

    /** Its own summary. */
    String end() throws IOException, InterruptedException {
        process.destroy();
        process.waitFor();
        long failed =
                Files.readAllLines(directory.resolve("output")).stream()
                        .filter(line -> line.contains("aborted") || line.contains("ERROR"))
                        .count();
        from = 0;
        return ends().size() + " transactions, " + failed + " errors";
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
