package dev.toygres.cli.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A live process that has been proven to be ours: named by a pid file of ours, and its command line
 * says so too. A pid alone proves nothing, since the kernel gives it to others later.
 */
final class OurProcess {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private final ProcessHandle handle;

    private OurProcess(ProcessHandle handle) {
        this.handle = handle;
    }

    /**
     * @param isOurs of its command line, word by word
     */
    static Optional<OurProcess> find(Path pidFile, Predicate<List<String>> isOurs) {
        return pid(pidFile)
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> isOurs.test(commandLine(handle.pid())))
                .map(OurProcess::new);
    }

    /** One of our JVMs, which carry the home and their own name in their command line. */
    static Optional<OurProcess> daemon(Home home, String process) {
        var marks = marks(home, process);
        return find(home.pidFile(process), words -> words.containsAll(marks));
    }

    static List<String> marks(Home home, String process) {
        return List.of("-Dtoygres.home=" + home.directory(), "-Dtoygres.process=" + process);
    }

    /** A guard, HAProxy or PgBouncer, whose files lie in the home. */
    static Optional<OurProcess> helper(Home home, Path pidFile, String program) {
        String inside = home.directory() + "/";
        return find(
                pidFile,
                words ->
                        !words.isEmpty()
                                && words.getFirst().contains(program)
                                && words.stream().anyMatch(word -> word.contains(inside)));
    }

    /**
     * Whoever runs now and is proven to be ours by its command line alone.
     *
     * @param isOurs of that, word by word, of which there is one at least
     */
    static List<OurProcess> all(Predicate<List<String>> isOurs) {
        try (var processes = ProcessHandle.allProcesses()) {
            return processes
                    .filter(
                            handle -> {
                                var words = commandLine(handle.pid());
                                return !words.isEmpty() && isOurs.test(words);
                            })
                    .map(OurProcess::new)
                    .toList();
        }
    }

    long pid() {
        return handle.pid();
    }

    /** SIGTERM, and SIGKILL when it is still there after the patience. */
    void stop(Duration patience) {
        handle.destroy();
        if (!isGoneWithin(patience)) {
            handle.destroyForcibly();
            isGoneWithin(Duration.ofSeconds(5));
        }
    }

    List<OurProcess> children() {
        return handle.children().map(OurProcess::new).toList();
    }

    void terminate() {
        handle.destroy();
    }

    void kill() {
        handle.destroyForcibly();
    }

    boolean isGoneWithin(Duration patience) {
        long giveUp = System.nanoTime() + patience.toNanos();
        while (!isGone()) {
            if (System.nanoTime() > giveUp) {
                return false;
            }
            Pause.of(LOOK_AGAIN);
        }
        return true;
    }

    /** A zombie is gone: process 1 may take seconds to bury it, and nothing of it is left. */
    private boolean isGone() {
        if (!handle.isAlive()) {
            return true;
        }
        try (var threads = Files.list(proc(handle.pid()).resolve("task"))) {
            String stat = Files.readString(proc(handle.pid()).resolve("stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' && threads.count() <= 1;
        } catch (IOException e) {
            return true;
        }
    }

    private static Path proc(long pid) {
        return Path.of("/proc", Long.toString(pid));
    }

    private static Optional<Long> pid(Path pidFile) {
        try {
            String text = Files.readString(pidFile).strip().lines().findFirst().orElse("");
            return Optional.of(Long.parseLong(text.strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Empty for a zombie, and for one that is gone. */
    static List<String> commandLine(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(proc(pid).resolve("cmdline"));
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : Arrays.asList(text.split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }
}
