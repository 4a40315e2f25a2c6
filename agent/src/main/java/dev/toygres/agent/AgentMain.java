package dev.toygres.agent;

import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** The program: starts the agent of one host and runs until SIGTERM. */
public final class AgentMain {
    private static final int USAGE = 2;

    private AgentMain() {}

    public static void main(String... arguments) throws InterruptedException {
        try {
            run(AgentOptions.parse(arguments));
        } catch (IllegalArgumentException faults) {
            System.err.println(faults.getMessage() + "\n" + AgentOptions.USAGE);
            System.exit(USAGE);
        } catch (RuntimeException fault) {
            LoggerFactory.getLogger(AgentMain.class).error("the agent cannot start", fault);
            System.err.println("the agent cannot start: " + fault.getMessage());
            System.exit(1);
        }
    }

    private static void run(AgentOptions options) throws InterruptedException {
        /* Without it each answer waits 40 ms for the client's acknowledgement. */
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxReqTime", "30");
        var home = new AgentHome(options.home(), options.hostId());
        home.make();
        AgentLog.to(home.logFile());
        var daemon = new AgentDaemon(options, Limits.USUAL, CrashPoint.NONE);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().unstarted(() -> end(daemon, home)));
        Durable.write(home.commandFile(), ownCommand());
        Thread.currentThread().join();
    }

    /** First of all the guards are told that this end is meant: else they would start us again. */
    private static void end(AgentDaemon daemon, AgentHome home) {
        Durable.delete(home.commandFile());
        daemon.close();
    }

    private static byte[] ownCommand() {
        try {
            return Files.readAllBytes(Path.of("/proc/self/cmdline"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
