package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs server and agent once per build, in a home of its own that is gone afterwards: the JVM
 * remembers their classes (JEP 514), so that later starts need not load and link them.
 */
final class HouseRehearsal {
    private static final List<String> COMMANDS =
            List.of("create a", "list", "connect a", "restart a", "delete a", "hosts", "audit");

    private HouseRehearsal() {}

    /** Ends with an exit code other than 0 when there is nothing to remember. */
    public static void main(String[] arguments) throws IOException {
        Path built = Path.of(arguments[0]);
        Path home = Files.createTempDirectory("toygres-build-");
        try (var unwinding = new Unwinding()) {
            try {
                Installation.prepare(home).rehearse(built, () -> work(home));
            } finally {
                unwinding.tidyUp(() -> leave(home));
            }
        }
    }

    private static void leave(Path home) {
        Installation.at(home).down(Optional.empty(), _ -> {});
        Installation.remove(home);
    }

    /** What most users do. That it works is for tests to say. */
    private static void work(Path home) {
        var nowhere = new PrintWriter(Writer.nullWriter());
        var around =
                new Surroundings(
                        nowhere,
                        nowhere,
                        Map.of("TOYGRES_HOME", home.toString()),
                        home,
                        false,
                        InstantSource.system(),
                        home);
        COMMANDS.forEach(command -> Main.run(around, command.split(" ")));
    }
}
