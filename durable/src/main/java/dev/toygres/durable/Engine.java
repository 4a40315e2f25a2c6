package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operations of a database. Any number of engines may work on one; each operation is run
 * by one of them at a time. The data source should have room for a few connections more than two.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int BATCH = 64;
    private static final long GATHERING_MILLIS = 5;
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final UUID server = UUID.randomUUID();
    private final Ground ground;
    private final Flows flows;
    private final EngineListener listener;
    private final Runs runs = new Runs();
    private final Picker picker;
    private final Heartbeat heartbeat;
    private final Sweeper sweeper;
    private final Ear ear;
    private final Semaphore free;
    private final Semaphore pokes = new Semaphore(0);
    private volatile boolean closing;
    private volatile boolean abandoned;
    private volatile boolean started;
    private volatile @Nullable Thread pulse;
    private volatile @Nullable Thread poller;
    private volatile @Nullable Thread announcing;

    private Engine(Builder parts) {
        var database = new Database(parts.dataSource);
        this.ground =
                new Ground(
                        database,
                        new Json(),
                        parts.clock,
                        parts.options,
                        parts.probe,
                        new Announcer(database));
        this.flows = parts.flows;
        this.listener = parts.listener;
        this.free = new Semaphore(parts.options.workers());
        this.picker = new Picker(ground, flows.names());
        this.sweeper = new Sweeper(ground, listener, flows.names());
        this.ear = new Ear(database, Channels.WAKE, this::hear, this::poke);
        var servers = new Servers(server, parts.options.limit());
        this.heartbeat = new Heartbeat(ground, servers, runs, parts.fit, this::poke);
    }

    public static Builder on(DataSource dataSource, Flows flows) {
        return new Builder(dataSource, flows);
    }

    /** Gathers what an engine is made of; what is not given has a sensible default. */
    public static final class Builder {
        private final DataSource dataSource;
        private final Flows flows;
        private InstantSource clock = InstantSource.system();
        private EngineOptions options = EngineOptions.DEFAULT;
        private EngineListener listener = new EngineListener() {};
        private JournalProbe probe = JournalProbe.NONE;
        private BooleanSupplier fit = () -> true;

        private Builder(DataSource dataSource, Flows flows) {
            this.dataSource = dataSource;
            this.flows = flows;
        }

        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        public Builder options(EngineOptions chosen) {
            options = chosen;
            return this;
        }

        public Builder listener(EngineListener chosen) {
            listener = chosen;
            return this;
        }

        /**
         * Asked with every beat: while it says no, this engine hands back what it runs and picks
         * nothing, as if its process had died; others go on with it.
         */
        public Builder worksWhile(BooleanSupplier condition) {
            fit = condition;
            return this;
        }

        /** For tests that lose the engine at a journal write. */
        public Builder probe(JournalProbe chosen) {
            probe = chosen;
            return this;
        }

        public Engine build() {
            return new Engine(this);
        }
    }

    /** The name under which this engine owns operations; another one after each start. */
    public UUID server() {
        return server;
    }

    /** How many operations run here right now; those that wait do not count. */
    public int running() {
        return runs.size();
    }

    /** Begins to work, on threads of its own. */
    public void start() {
        started = true;
        announcing = launch("durable-announcer", ground.announcer());
        pulse = launch("durable-heartbeat", this::beatOnAndOn);
        poller = launch("durable-poller", this::pollOnAndOn);
        ear.start();
    }

    private static Thread launch(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).start(work);
    }

    /**
     * For tests: one beat, one poll; runs what is due until it parks or ends. Answers how many runs
     * that were.
     */
    public int tick() {
        heartbeat.beat();
        sweeper.alertOverdue();
        sweeper.deleteOld();
        sweeper.complainOfUnknownTypes();
        int picked = poll(room());
        runs.awaitNone(FOR_EVER);
        ground.announcer().flush();
        return picked;
    }

    private void beatOnAndOn() {
        long housekeeping = System.nanoTime();
        while (!closing) {
            heartbeat.beat();
            boolean due = System.nanoTime() - housekeeping >= 0;
            sweep(due);
            housekeeping = due ? System.nanoTime() + HOUSEKEEPING.toNanos() : housekeeping;
            LockSupport.parkNanos(ground.options().heartbeat().toNanos());
        }
    }

    private void sweep(boolean thoroughly) {
        if (!heartbeat.isAccepting()) {
            return;
        }
        try {
            sweeper.alertOverdue();
            if (thoroughly) {
                sweeper.deleteOld();
                sweeper.complainOfUnknownTypes();
            }
        } catch (CatalogueFault e) {
            LOG.info("not swept: {}", e.getMessage());
        }
    }

    private void pollOnAndOn() {
        while (!closing) {
            pokes.drainPermits();
            awaitRoom();
            int room = room();
            if (room == 0 || poll(room) == 0) {
                awaitPoke();
            }
        }
    }

    private int room() {
        return Math.min(BATCH, free.availablePermits());
    }

    /** When nearly all workers are busy, a few milliseconds turn many small picks into one. */
    private void awaitRoom() {
        int some = Math.min(BATCH, ground.options().workers() / 4);
        try {
            if (free.tryAcquire(some, GATHERING_MILLIS, TimeUnit.MILLISECONDS)) {
                free.release(some);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPoke() {
        try {
            if (pokes.tryAcquire(ground.options().pollInterval().toNanos(), TimeUnit.NANOSECONDS)) {
                pokes.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int poll(int room) {
        if (room == 0 || closing || !heartbeat.isAccepting()) {
            return 0;
        }
        try {
            List<Picked> picked = picker.pick(server, room);
            picked.forEach(this::launch);
            return picked.size();
        } catch (CatalogueFault e) {
            LOG.info("not picked: {}", e.getMessage());
            return 0;
        }
    }

    private void launch(Picked picked) {
        free.acquireUninterruptibly();
        var run = new Run(ground, picked);
        runs.add(run);
        if (abandoned) {
            run.interrupts().lose();
        } else if (closing) {
            run.interrupts().stop();
        }
        ground.announcer().changed(picked.id());
        Thread.ofVirtual().name(picked.id()).start(() -> drive(run));
    }

    private void drive(Run run) {
        boolean again = false;
        try {
            var flow = flows.find(run.picked().type()).orElseThrow();
            again = new Driver(run, flow, listener).drive();
        } catch (RuntimeException | Error e) {
            LOG.error("the run of {} broke", run.id(), e);
        } finally {
            runs.remove(run);
            boolean wasFull = free.availablePermits() == 0;
            free.release();
            if (again || wasFull) {
                poke();
            }
        }
    }

    private void hear(String cancelled) {
        if (!cancelled.isEmpty()) {
            runs.cancel(cancelled);
        }
        poke();
    }

    private void poke() {
        pokes.release();
    }

    /** Lets running steps finish for a while, hands everything back and says goodbye. */
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        runs.stopAll();
        if (!runs.awaitNone(ground.options().grace())) {
            runs.stopAllNow();
            runs.awaitNone(ground.options().heartbeat());
        }
        runs.loseAll();
        heartbeat.leave();
        endThreads();
    }

    /** For tests: stops as if the process had died; nothing is handed back. */
    public void abandon() {
        abandoned = true;
        closing = true;
        runs.loseAll();
        endThreads();
    }

    /**
     * For tests: after {@link #abandon()}, waits until the last thread of a run has ended, and
     * removes the trace of this engine, so that another may take over without waiting.
     */
    public boolean bury(Duration limit) {
        boolean silent = runs.awaitNone(limit);
        heartbeat.close();
        ground.database().untilDone(Database.Guard.NONE, this::forget);
        return silent;
    }

    private int forget(Connection connection) throws SQLException {
        return Sql.update(connection, "delete from durable.server where id = ?", server);
    }

    private void endThreads() {
        ground.announcer().close();
        ear.close();
        poke();
        wake(pulse);
        Thread telling = announcing;
        if (telling != null) {
            telling.interrupt();
        }
        if (!started) {
            return;
        }
        wake(poller);
    }

    private static void wake(@Nullable Thread thread) {
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
