package dev.toygres.cli;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.ReplicaConfig;
import dev.toygres.cli.house.Installation;
import dev.toygres.cli.house.Status;
import dev.toygres.client.ToygresClient;
import dev.toygres.client.ToygresException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Shows what was promised, measures it, and says so when it was not kept. */
final class Demo {
    private static final String ID = "demo";
    private static final int HOSTS = 3;
    private static final int WRITERS = 4;
    private static final Duration WORK = Duration.ofSeconds(3);
    private static final Duration COME_BACK = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Session session;
    private final Output output;
    private final Installation installation;
    private final List<String> broken = new ArrayList<>();
    private final long began = System.nanoTime();

    Demo(Session session) {
        this.session = session;
        output = session.output();
        installation = Installation.prepare(session.home());
    }

    void run(boolean keep) throws SQLException {
        boolean finished = false;
        try (var unwinding = new Unwinding()) {
            try {
                show();
                finished = true;
            } finally {
                boolean shown = finished;
                unwinding.tidyUp(() -> leave(keep, shown));
            }
        }
        say("");
        if (!broken.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.FAILED, "not as promised: " + String.join("; ", broken));
        }
        say("All as promised, in %.0f s.".formatted(seconds(began)));
    }

    /** After a failure the logs stay; processes stay only when somebody wants them to. */
    private void leave(boolean keep, boolean finished) {
        if (keep) {
            say("Everything goes on, in " + session.home());
            say("  to look at it: toygres --home %s status".formatted(session.home()));
            say("  to stop it:    toygres --home %s down".formatted(session.home()));
            return;
        }
        installation.down(Optional.empty(), _ -> {});
        if (finished) {
            Installation.remove(session.home());
            say("Stopped, and removed.");
        } else {
            say("Stopped; logs and data are left in " + session.home());
        }
    }

    private void show() throws SQLException {
        title("Starting a server, its catalogue, and agents for three hosts");
        timed("ready", this::up);
        var client = session.client();

        title("Creating a Postgres");
        timed("created", () -> create(client));
        var instance = client.getInstance(ID);
        InstancePrinter.print(instance, output);

        title("%d clients write to it".formatted(WRITERS));
        var credentials = client.getCredentials(ID);
        String ca = CaFile.keep(session.around, instance, credentials.caCertificate()).toString();
        try (var writers = new Writers(Login.readWrite(credentials), ca)) {
            writers.start(WRITERS);
            work();
            say("  %d transactions so far".formatted(writers.score().acknowledged()));
            restart(client, writers);
            killControlPlane(writers);
            killPostgres(writers);
            addReplicas(client);
            loseHost(client, writers);
            compare(writers);
        }

        title("Deleting it");
        timed("deleted", () -> client.deleteInstance(ID).await(PATIENCE));
        CaFile.forget(session.around, instance);
        expectGone(client);
    }

    private void up() {
        installation.up(
                Installation.Wishes.local(HOSTS, session.around.distribution(), Optional.empty()),
                words -> say("  " + words));
    }

    private void create(ToygresClient client) {
        var request =
                new CreateInstanceRequest(
                        ID,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        try (var progress = new Progress(session.around)) {
            client.createInstance(request).await(PATIENCE, progress);
        }
    }

    private void restart(ToygresClient client, Writers writers) {
        title("Restarting it under load");
        writers.score();
        timed("restarted", () -> client.restartInstance(ID).await(PATIENCE));
        awaitWrites(writers);
        work();
        say("  longest interruption of a client: " + words(writers.score().longestGap()));
    }

    private void killControlPlane(Writers writers) {
        title("Killing the server and the agents (kill -9) under load");
        writers.score();
        var status = installation.status();
        status.servers().forEach(Demo::kill);
        status.hosts().forEach(Demo::kill);
        work();
        judge(writers, "while server and agents were dead");
        timed("all started again", this::up);
        work();
        judge(writers, "while they came back");
    }

    private void judge(Writers writers, String when) {
        var score = writers.score();
        say(
                "  %s: %d failed transactions, longest pause of a client %s"
                        .formatted(when, score.failed(), words(score.longestGap())));
        if (score.failed() > 0) {
            broken.add(
                    "%d transactions failed %s (%s)"
                            .formatted(score.failed(), when, score.lastFailure()));
        }
    }

    private void killPostgres(Writers writers) throws SQLException {
        title("Killing Postgres itself (kill -9)");
        writers.score();
        long postmaster = writers.postmaster();
        ProcessHandle.of(postmaster).ifPresent(ProcessHandle::destroyForcibly);
        pause(Duration.ofMillis(200));
        awaitWrites(writers);
        work();
        say("  it came back by itself after " + words(writers.score().longestGap()));
    }

    private void addReplicas(ToygresClient client) {
        title("Adding two replicas on the other hosts; commits wait for the first");
        timed(
                "they stream",
                () -> {
                    addReplica(client, "demo-r1", "Sync");
                    addReplica(client, "demo-r2", "Async");
                    await("the instance is protected", () -> isProtected(client));
                });
        client.getInstance(ID).failoverRisk().ifPresent(risk -> say("  " + risk.message()));
    }

    private static void addReplica(ToygresClient client, String replica, String mode) {
        var config =
                new ReplicaConfig(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(mode),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        client.addReplica(ID, new AddReplicaRequest(replica, Optional.of(config))).await(PATIENCE);
    }

    private static boolean isProtected(ToygresClient client) {
        return client.getInstance(ID).electorate().size() == 2
                && client.getAutoFailover(ID).ifPrimaryDied().action().equals("FailOver");
    }

    private void loseHost(ToygresClient client, Writers writers) {
        String host = client.getInstance(ID).host().orElseThrow();
        title("Killing everything of %s, the primary's host (kill -9)".formatted(host));
        String before = client.getInstance(ID).primary().orElseThrow();
        writers.score();
        installation.killHost(host);
        await("a replica took over", () -> !primary(client).equals(before));
        awaitWrites(writers);
        work();
        say(
                "  %s took over; longest interruption of a client: %s"
                        .formatted(primary(client), words(writers.score().longestGap())));
        timed(
                host + " is back, and the old primary follows,",
                () -> {
                    up();
                    await(before + " streams", () -> streams(client, before));
                });
    }

    private static String primary(ToygresClient client) {
        return client.getInstance(ID).primary().orElse("");
    }

    private static boolean streams(ToygresClient client, String member) {
        return client.getInstance(ID).replicas().stream()
                .anyMatch(one -> one.id().equals(member) && one.state().equals("Streaming"));
    }

    private static void await(String what, BooleanSupplier holds) {
        long giveUp = System.nanoTime() + COME_BACK.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > giveUp) {
                throw new CommandFailed(ExitCode.TIMED_OUT, "not within a minute: " + what);
            }
            pause(Duration.ofMillis(50));
        }
    }

    private void compare(Writers writers) throws SQLException {
        writers.close();
        long stored = writers.stored();
        say(
                "  %d rows were acknowledged to the clients, %d are there"
                        .formatted(writers.acknowledged(), stored));
        if (stored > writers.acknowledged()) {
            say("  (more: committed, but the answer was lost when the primary died)");
        }
        if (stored < writers.acknowledged()) {
            broken.add((writers.acknowledged() - stored) + " acknowledged rows are lost");
        }
    }

    private void expectGone(ToygresClient client) {
        try {
            client.getInstance(ID);
            broken.add("the deleted instance is still there");
        } catch (ToygresException.NotFound e) {
            say("  the name is free again");
        }
    }

    private void awaitWrites(Writers writers) {
        long before = writers.acknowledged();
        long giveUp = System.nanoTime() + COME_BACK.toNanos();
        while (writers.acknowledged() < before + WRITERS) {
            if (System.nanoTime() > giveUp) {
                throw new CommandFailed(
                        ExitCode.TIMED_OUT,
                        "the clients could not write again within a minute: "
                                + writers.score().lastFailure());
            }
            pause(Duration.ofMillis(20));
        }
    }

    private static void kill(Status.Part part) {
        part.pid().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void work() {
        pause(WORK);
    }

    private void timed(String what, Runnable work) {
        long start = System.nanoTime();
        work.run();
        say("  %s in %.1f s".formatted(what, seconds(start)));
    }

    private void title(String words) {
        say("");
        say("== " + words);
    }

    private void say(String words) {
        output.line(words);
        session.around.out().flush();
    }

    private static String words(Duration time) {
        return time.toMillis() + " ms";
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        }
    }
}
