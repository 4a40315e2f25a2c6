package dev.toygres.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What a command finds around it.
 *
 * @param terminal whether somebody watches, so that lines may be rewritten
 * @param distribution the built jars, as the launcher says
 */
public record Surroundings(
        PrintWriter out,
        PrintWriter err,
        Map<String, String> environment,
        Path userHome,
        boolean terminal,
        InstantSource clock,
        Path distribution) {

    static Surroundings ofThisProcess() {
        return new Surroundings(
                printer(FileDescriptor.out),
                printer(FileDescriptor.err),
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false),
                InstantSource.system(),
                Path.of(System.getProperty("toygres.dist", "target/dist")));
    }

    private static PrintWriter printer(FileDescriptor descriptor) {
        return new PrintWriter(
                new OutputStreamWriter(
                        new BufferedOutputStream(new FileOutputStream(descriptor)), UTF_8),
                true);
    }

    /** Empty when the variable is unset. */
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
