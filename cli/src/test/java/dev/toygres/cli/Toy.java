package dev.toygres.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs commands as the main class does, and catches what they say. */
final class Toy {
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Path userHome;
    private boolean terminal;

    Toy(Path userHome) {
        this.userHome = userHome;
        environment.put("PATH", "/usr/bin:/bin");
    }

    Toy with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Toy onTerminal() {
        terminal = true;
        return this;
    }

    /** How it ended and what it said. */
    record Result(int code, String out, String err) {}

    Result run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Main.run(
                        new Surroundings(
                                new PrintWriter(out),
                                new PrintWriter(err),
                                environment,
                                userHome,
                                terminal,
                                () -> Instant.parse("2026-01-01T01:00:00Z"),
                                Path.of("/nonexistent")),
                        arguments);
        return new Result(code, out.toString(), err.toString());
    }
}
