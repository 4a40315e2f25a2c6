package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short command of the system, such as initdb, with a limit to its time. */
final class Command {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final List<String> words;
    private String input = "";

    private Command(List<String> words) {
        this.words = words;
    }

    static Command of(List<String> prefix, String... words) {
        var all = new ArrayList<>(prefix);
        all.addAll(List.of(words));
        return new Command(all);
    }

    Command input(String text) {
        input = text;
        return this;
    }

    boolean succeeds() {
        return run().code() == 0;
    }

    /** Fails with what the command said. */
    void mustSucceed(String what) {
        var result = run();
        if (result.code() != 0) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "%s failed (%d): %s".formatted(what, result.code(), result.said().strip()));
        }
    }

    Result run() {
        try {
            // A file and not a pipe: what the command starts may keep it open for ever.
            Path said = Files.createTempFile("toygres", ".out");
            try {
                return run(said);
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, words.getFirst() + " cannot run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        }
    }

    private Result run(Path said) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(words).directory(Path.of("/").toFile());
        builder.redirectErrorStream(true).redirectOutput(said.toFile());
        Launch.cleanEnvironment(builder.environment());
        var process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            return new Result(-1, words.getFirst() + " did not end within " + LIMIT);
        }
        return new Result(process.exitValue(), Files.readString(said));
    }

    /** How it ended and all it said. */
    record Result(int code, String said) {}
}
