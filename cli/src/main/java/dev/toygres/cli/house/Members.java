package dev.toygres.cli.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What agents have started: the guards with their Postgres, HAProxy and PgBouncer. They outlive the
 * agents, so whoever takes the house down ends them after those.
 */
final class Members {
    private static final Duration GUARD_PATIENCE = Duration.ofSeconds(60);
    private static final Duration ROUTER_PATIENCE = Duration.ofSeconds(5);
    private static final Duration ARCHIVE_PATIENCE = Duration.ofSeconds(15);
    private static final Duration ENGINE_PATIENCE = Duration.ofSeconds(5);
    private final Home home;

    Members(Home home) {
        this.home = home;
    }

    /** A live process and the file that names it. */
    record Found(String name, Path pidFile, OurProcess process) {}

    List<Found> guards() {
        return found("guard-", "guard").toList();
    }

    List<Found> routers() {
        return Stream.concat(found("haproxy-", "haproxy"), found("pgbouncer-", "pgbouncer"))
                .toList();
    }

    private Stream<Found> found(String prefix, String program) {
        return PidFiles.of(home, prefix).stream()
                .flatMap(
                        file ->
                                OurProcess.helper(home, file, program).stream()
                                        .map(process -> new Found(name(file), file, process)));
    }

    private static String name(Path pidFile) {
        return pidFile.getFileName().toString().replaceFirst("\\.pid$", "");
    }

    /**
     * All at once, each given its time; a guard ends after its Postgres has stopped. That waits for
     * what is archived at last, and with a store that does not answer in vain.
     */
    void stop() {
        var guards = guards();
        guards.forEach(one -> one.process().terminate());
        long giveUp = System.nanoTime() + ARCHIVE_PATIENCE.toNanos();
        for (var one : guards) {
            one.process().isGoneWithin(Duration.ofNanos(giveUp - System.nanoTime()));
        }
        killEngines();
        end(guards, GUARD_PATIENCE);
        killEngines();
        end(routers(), ROUTER_PATIENCE);
    }

    /**
     * The backup engine: no Postgres is the parent of who pushes WAL beside it, and nobody at all
     * that of who reads a store. What it was at is done again.
     */
    void killEngines() {
        long giveUp = System.nanoTime() + ENGINE_PATIENCE.toNanos();
        // Workers outlive their parent, and may just have been begun.
        for (var all = engines(); !all.isEmpty() && System.nanoTime() < giveUp; all = engines()) {
            all.forEach(OurProcess::kill);
            all.forEach(one -> one.isGoneWithin(ENGINE_PATIENCE));
        }
    }

    private List<OurProcess> engines() {
        String inside = home.directory().resolve("hosts") + "/";
        return OurProcess.all(
                words ->
                        words.getFirst().endsWith("pgbackrest")
                                && words.stream().anyMatch(word -> word.contains(inside)));
    }

    /**
     * As if a host lost its power: whatever has its directory in its command line, or works in it.
     * The guards go first, which would start an agent again.
     */
    void kill(String hostId) {
        Path place = home.host(hostId);
        try (var processes = ProcessHandle.allProcesses()) {
            processes
                    .filter(one -> isOf(place, one.pid()))
                    .sorted(Comparator.comparing(one -> !isGuard(one.pid())))
                    .toList()
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** The postmaster of a member, which is the only child of its guard. */
    void killPostgres(String memberId) {
        guards().stream()
                .filter(guard -> guard.name().equals("guard-" + memberId))
                .forEach(guard -> guard.process().children().forEach(OurProcess::kill));
    }

    private static boolean isGuard(long pid) {
        var words = OurProcess.commandLine(pid);
        return !words.isEmpty() && words.getFirst().endsWith("/guard");
    }

    private static boolean isOf(Path place, long pid) {
        try {
            return OurProcess.commandLine(pid).stream().anyMatch(word -> word.contains(place + "/"))
                    || Files.readSymbolicLink(Path.of("/proc", String.valueOf(pid), "cwd"))
                            .startsWith(place);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void end(List<Found> found, Duration patience) {
        found.forEach(one -> one.process().terminate());
        long giveUp = System.nanoTime() + patience.toNanos();
        var stubborn = new ArrayList<Found>();
        for (var one : found) {
            long left = Math.max(1, giveUp - System.nanoTime());
            if (one.process().isGoneWithin(Duration.ofNanos(left))) {
                PidFiles.delete(one.pidFile());
            } else {
                stubborn.add(one);
            }
        }
        for (var one : stubborn) {
            one.process().kill();
            one.process().isGoneWithin(Duration.ofSeconds(5));
            PidFiles.delete(one.pidFile());
        }
    }
}
