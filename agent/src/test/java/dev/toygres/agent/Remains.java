package dev.toygres.agent;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The processes that a home has: those with its path among their arguments. */
final class Remains {
    private Remains() {}

    static List<Long> of(Path directory) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> belongs(pid, directory))
                .filter(Processes::isAlive)
                .toList();
    }

    private static boolean belongs(long pid, Path directory) {
        return pid != ProcessHandle.current().pid()
                && (Processes.arguments(pid).stream()
                                .anyMatch(argument -> argument.startsWith(directory.toString()))
                        || worksIn(pid, directory));
    }

    /** Backends change what they show as arguments, but work in the data directory. */
    private static boolean worksIn(long pid, Path directory) {
        try {
            var cwd = Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"));
            return cwd.startsWith(directory);
        } catch (IOException gone) {
            return false;
        }
    }

    static void endAllBelow(Path directory) {
        var gone =
                Await.until(
                        Duration.ofSeconds(10),
                        () -> {
                            of(directory).forEach(Signal.KILL::to);
                            return of(directory).isEmpty();
                        });
        if (!gone) {
            throw new AssertionError("left behind: " + of(directory));
        }
    }
}
