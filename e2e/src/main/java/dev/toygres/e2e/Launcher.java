package dev.toygres.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs ./toygres as a user would, against one home. */
public final class Launcher {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final Path home;
    private final List<String> before;

    public Launcher(Path home) {
        this(home, List.of());
    }

    /**
     * @param before words of a command that runs it somewhere else, see {@link Network#on}
     */
    public Launcher(Path home, List<String> before) {
        this.home = home;
        this.before = before;
    }

    /** What a command printed, and how it ended. */
    public record Outcome(int exitCode, String output, String errors) {
        public Outcome succeeded() {
            if (exitCode != 0) {
                throw new AssertionError("exit code " + exitCode + "\n" + output + errors);
            }
            return this;
        }
    }

    public Outcome run(String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(root().resolve("toygres").toString());
        command.addAll(List.of(arguments));
        try {
            return run(command);
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in " + command, e);
        }
    }

    private Outcome run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("toygres-e2e", ".out");
        Path errors = Files.createTempFile("toygres-e2e", ".err");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TOYGRES_HOME", home.toString());
        builder.environment().remove("TOYGRES_SERVER");
        builder.environment().remove("TOYGRES_TOKEN");
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // Files, not pipes: a daemon that inherited a pipe would keep it open.
        builder.redirectOutput(output.toFile()).redirectError(errors.toFile());
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        command + " took over " + LIMIT + "\n" + read(output) + read(errors));
            }
            return new Outcome(process.exitValue(), read(output), read(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    /** The clone: where the launcher is. */
    public static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(directory.resolve("toygres"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new AssertionError("no ./toygres above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }
}
