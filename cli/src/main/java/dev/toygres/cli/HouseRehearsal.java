package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs server and agent once per build, in a home of its own that is gone afterwards: the JVM
 * remembers their classes (JEP 514), so that later starts need not load and link them.
 */
final class HouseRehearsal {
    private static final List<String> FIRST =
            List.of(
                    "create a",
                    "restart a",
                    "replica add a b",
                    "list",
                    "connect a",
                    "failover a --to b",
                    "hosts",
                    "audit");

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration TURN = Duration.ofMillis(1_500);
    private static final Duration LOOK = Duration.ofMillis(100);

    private HouseRehearsal() {}

    /** Ends with an exit code other than 0 when there is nothing to remember. */
    public static void main(String[] arguments) throws IOException {
        Path built = Path.of(arguments[0]);
        Path home = Files.createTempDirectory("toygres-build-");
        try (var unwinding = new Unwinding()) {
            try {
                Installation installation = Installation.prepare(home);
                installation.rehearse(built, () -> work(home, installation));
            } finally {
                unwinding.tidyUp(() -> leave(home));
            }
        }
    }

    private static void leave(Path home) {
        Installation.at(home).down(Optional.empty(), _ -> {});
        Installation.remove(home);
    }

    /**
     * What most users do, and what has to be quick the first time: who fails over waits for no
     * class to be loaded. That it works is for tests to say.
     */
    private static void work(Path home, Installation installation) {
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
        FIRST.forEach(command -> Main.run(around, command.split(" ")));
        try (var session = new Session(around, new GlobalOptions())) {
            var client = session.client();
            await(() -> client.getAutoFailover("a").ifPrimaryDied().action().equals("FailOver"));
            // By then the agents have been told, too.
            LockSupport.parkNanos(TURN.toNanos());
            installation.killPostgres("b");
            await(() -> !client.getInstance("a").primary().equals(Optional.of("b")));
        }
        Main.run(around, "delete", "a");
    }

    private static void await(BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
