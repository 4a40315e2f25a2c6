package dev.toygres.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Debian's Postgres tools, run as a user that Postgres accepts. */
final class PostgresTools {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private final Path home;
    private final List<String> disguise;

    PostgresTools() {
        home = newestHome();
        disguise = disguise();
    }

    /** The directory with {@code bin} and {@code lib}. */
    Path home() {
        return home;
    }

    boolean has(String library) {
        return Files.exists(home.resolve("lib").resolve(library + ".so"));
    }

    /** Gives the directory to the user that the tools run as. */
    void own(Path directory) {
        if (!disguise.isEmpty()) {
            run(List.of("chown", "-R", user() + ":", directory.toString()), directory);
        }
    }

    List<String> command(String tool, List<String> arguments) {
        var command = new ArrayList<>(disguise);
        command.add(home.resolve("bin").resolve(tool).toString());
        command.addAll(arguments);
        return command;
    }

    static void run(List<String> command, Path logDirectory) {
        try {
            Path log = Files.createTempFile(logDirectory, "tool", ".log");
            int status =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException(command + " failed: " + Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path newestHome() {
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.filter(path -> Files.exists(path.resolve("bin/initdb")))
                    .max(
                            Comparator.comparingInt(
                                    path -> Integer.parseInt(path.getFileName().toString())))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("no Postgres in " + DEBIAN, e);
        }
    }

    private static List<String> disguise() {
        if (!System.getProperty("user.name").equals("root")) {
            return List.of();
        }
        String user = user();
        return List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups");
    }

    private static String user() {
        try {
            List<String> known = Files.readAllLines(Path.of("/etc/passwd"));
            return Stream.of("toygres", "postgres", "nobody")
                    .filter(user -> known.stream().anyMatch(line -> line.startsWith(user + ":")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
