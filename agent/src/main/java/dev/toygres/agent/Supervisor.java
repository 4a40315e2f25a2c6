package dev.toygres.agent;

import dev.toygres.agent.files.Ballast;
import dev.toygres.agent.member.Members;
import dev.toygres.agent.routing.Endpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few milliseconds whether what should run does, and brings it back. */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration TURN = Duration.ofMillis(50);

    /** A small part of any silence that ends an endpoint. */
    private static final Duration BEAT = Duration.ofMillis(400);

    private static final Duration MEASURE = Duration.ofSeconds(30);

    private final Members members;
    private final Endpoints endpoints;
    private final Path home;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Supervisor(Members members, Endpoints endpoints, Path home) {
        this.members = members;
        this.home = home;
        this.endpoints = endpoints;
        threads.execute(() -> every(TURN, this::tend));
        threads.execute(() -> every(BEAT, () -> endpoints.beat(threads)));
        threads.execute(() -> every(MEASURE, this::measure));
    }

    private void tend() {
        members.tend(threads);
        endpoints.tend(threads);
    }

    private void measure() {
        members.measure();
        Ballast.keep(home);
    }

    private void every(Duration pause, Runnable turn) {
        while (!threads.isShutdown()) {
            try {
                turn.run();
                Thread.sleep(pause);
            } catch (InterruptedException ending) {
                return;
            } catch (RuntimeException fault) {
                logUnlessEnding(fault);
            }
        }
    }

    private void logUnlessEnding(RuntimeException fault) {
        if (!threads.isShutdown()) {
            LOG.error("the supervisor stumbled", fault);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
