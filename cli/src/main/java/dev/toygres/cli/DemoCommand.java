package dev.toygres.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code toygres demo}. */
@Command(
        name = "demo",
        description = "Show what toygres can do, on this machine, in about a minute.")
final class DemoCommand extends ApiCommand {
    @Option(names = "--keep", description = "Leave everything running at the end.")
    private boolean keep;

    DemoCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var home = home();
        var options = new GlobalOptions();
        options.home = home;
        try (var there = new Session(aloof(session.around), options)) {
            new Demo(there).run(keep);
        } catch (SQLException e) {
            throw new CommandFailed(ExitCode.FAILED, "the demo's own client: " + e.getMessage(), e);
        }
    }

    /** Its own, so that it can be removed; a home with something in it is somebody's. */
    private Path home() {
        try {
            if (session.options.home == null && session.around.variable("TOYGRES_HOME").isBlank()) {
                return Files.createTempDirectory("toygres-demo-");
            }
            var given = session.home();
            if (Files.exists(given.resolve("house.json"))) {
                throw new CommandFailed(
                        ExitCode.REFUSED,
                        given + " is in use, and the demo removes its home: name another one");
            }
            return given;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "no directory for the demo: " + e, e);
        }
    }

    /** Without settings that would lead to another server. */
    private static Surroundings aloof(Surroundings around) {
        var environment = new HashMap<>(around.environment());
        environment.keySet().removeIf(name -> name.startsWith("TOYGRES_"));
        return new Surroundings(
                around.out(),
                around.err(),
                environment,
                around.userHome(),
                around.terminal(),
                around.clock(),
                around.distribution());
    }
}
