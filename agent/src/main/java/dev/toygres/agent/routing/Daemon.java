package dev.toygres.agent.routing;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agent.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * HAProxy or PgBouncer of one instance: outlives us, and is found again by its configuration file,
 * which no other process has among its arguments.
 *
 * @param pidFile in run/, for people and tools
 */
record Daemon(String program, Path configuration, Path pidFile, Tools tools) {
    private static final Duration END = Duration.ofSeconds(5);

    Optional<Long> pid() {
        var noted =
                Processes.pidIn(pidFile)
                        .flatMap(pid -> Processes.known(pid, configuration.toString()));
        return noted.isPresent() ? noted : Processes.find(program, configuration.toString());
    }

    /** An agent may have ended between the start and the note; the caller holds the lock. */
    void noteAgain() {
        pid().filter(pid -> !Optional.of(pid).equals(Processes.pidIn(pidFile)))
                .ifPresent(this::note);
    }

    private void note(long pid) {
        Durable.writePublic(pidFile, pid + "\n");
    }

    boolean isUp() {
        return pid().isPresent();
    }

    /**
     * Whether what was started is dead. In the middle of an exec a process has no arguments to be
     * known by, so that isUp says too early that it is not there.
     */
    boolean hasEnded() {
        return Processes.pidIn(pidFile).filter(Processes::isAlive).isEmpty();
    }

    void start(List<String> arguments) {
        var log = configuration.resolveSibling(program + ".log");
        var command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        note(tools.detached(command, configuration.resolveSibling("."), log));
    }

    /** Its last words, when it did not start. */
    OrderFailed failure() {
        return new OrderFailed(program + " did not start; its log ends with: " + lastWords());
    }

    private String lastWords() {
        try {
            var lines = Files.readAllLines(configuration.resolveSibling(program + ".log"));
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException none) {
            return "";
        }
    }

    /** The note may be another host's by now, which took the addresses over. */
    void stop() {
        var noted = Processes.pidIn(pidFile);
        var isOurs = noted.isEmpty() || noted.equals(pid());
        pid().ifPresent(Signal.TERM::to);
        if (!Await.until(END, () -> !isUp())) {
            pid().ifPresent(Signal.KILL::to);
            if (!Await.until(END, () -> !isUp())) {
                throw new OrderFailed(program + " survives SIGKILL");
            }
        }
        if (isOurs) {
            Durable.delete(pidFile);
        }
    }
}
