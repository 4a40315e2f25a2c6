package dev.toygres.agent;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.LeasePage;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        forgetLeases(directory);
    }

    /**
     * A guard that is killed leaves its page, and here no agent comes after it. A Postgres that is
     * back already has files that come and go meanwhile.
     */
    private static void forgetLeases(Path directory) {
        var forgetting =
                new SimpleFileVisitor<Path>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path one, BasicFileAttributes attributes) {
                        if (one.endsWith("guard")) {
                            Durable.delete(LeasePage.of(one.resolveSibling("data")));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path gone, IOException cause) {
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path one, @Nullable IOException cause) {
                        return FileVisitResult.CONTINUE;
                    }
                };
        try {
            Files.walkFileTree(directory, Set.of(), 5, forgetting);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
