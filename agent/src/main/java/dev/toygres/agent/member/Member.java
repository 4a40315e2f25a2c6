package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Desired;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agent.process.Guard;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.model.MemberId;
import dev.toygres.model.Secret;
import dev.toygres.model.StopMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One member of this host. Whoever changes it holds its lock: an order, or the supervisor. */
final class Member {
    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final Duration CHECKPOINT = Duration.ofMinutes(5);

    final MemberId id;
    final MemberHome home;
    final ReentrantLock lock = new ReentrantLock(true);

    private final Ground ground;
    private final Gate gate;
    private final Guard guard;
    private final Postgres postgres;
    private final Recovery recovery = new Recovery();
    private volatile Optional<Memory> memory;
    private volatile long dataBytes;

    Member(MemberId id, Ground ground, Gate gate) {
        this.id = id;
        this.ground = ground;
        this.gate = gate;
        home = new MemberHome(ground.home().members().resolve(id.value()));
        guard = new Guard(ground.guardProgram(), ground.tools(), home.data(), home.guard());
        postgres = new Postgres(guard, home.data(), ground.limits());
        memory = readMemory();
    }

    private Optional<Memory> readMemory() {
        return Memory.readFrom(home.memory()).filter(found -> found.memberId().equals(id));
    }

    Optional<Memory> memory() {
        return memory;
    }

    Memory known() {
        return memory.orElseThrow(
                () -> new OrderFailed("nothing is known of member " + id + " on this host"));
    }

    void remember(Memory next) {
        next.writeTo(home.memory());
        memory = Optional.of(next);
    }

    Address address() {
        return new Address(ground.bindAddress(), known().port());
    }

    Path log() {
        return guard.log();
    }

    Sql sql() {
        return new Sql(address(), home.authority());
    }

    Passwords passwords() {
        return Passwords.in(home.secrets());
    }

    /** An order that cannot be carried out leaves no trace; one that can forgets old trouble. */
    MemberUp start(long term, Optional<Map<String, String>> settings) {
        var next = settings.map(requireReady()::with).orElse(known());
        requireFit();
        var ignored = Settings.file(next, home, ground.bindAddress());
        remember(next.wishing(Desired.Running, term));
        recovery.forget();
        return up();
    }

    private Memory requireReady() {
        var known = known();
        if (known.stage() != Stage.Ready) {
            throw new OrderFailed("member " + id + " was never finished; create it first");
        }
        return known;
    }

    /** Started, answering, and its clients let through. */
    MemberUp up() {
        var began = System.nanoTime();
        requireFit();
        if (!postgres.isReady()) {
            gate.hold(address());
            writeSettings();
            postgres.start(ground.installations().bin(known().postgresMajor()));
            noteGuard();
            LOG.info("Postgres of {} answers on {}", id, address());
        }
        gate.release(address());
        return result(began);
    }

    private MemberUp result(long began) {
        var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return new MemberUp(address(), known().systemIdentifier(), millis);
    }

    private void requireFit() {
        switch (fitness()) {
            case Fitness.Fit() -> {}
            case Fitness.Unfit(var words) ->
                    throw new OrderFailed("member " + id + " is not started: " + words);
        }
    }

    private Fitness fitness() {
        return Fitness.of(known(), ControlFile.systemIdentifier(home.data()));
    }

    private void writeSettings() {
        home.make(ground.user());
        var user = ground.user();
        user.file(home.settings(), Settings.file(known(), home, ground.bindAddress()));
        user.file(home.access(), Settings.access(ground.bindAddress()));
    }

    void stop(long term, StopMode mode) {
        remember(known().wishing(Desired.Stopped, term));
        down(mode);
        recovery.forget();
    }

    private void down(StopMode mode) {
        gate.hold(address());
        if (home.hasData()) {
            postgres.stop(mode);
        }
        Durable.delete(guardPidFile());
        LOG.info("no process of {} is left", id);
    }

    /** The interruption is from the stop signal to the first answer. */
    MemberUp restart(long term) {
        requireReady();
        remember(known().wishing(Desired.Running, term));
        recovery.forget();
        if (postgres.isReady()) {
            checkpoint();
        }
        gate.hold(address());
        postgres.awaitCalm();
        var began = System.nanoTime();
        down(StopMode.Fast);
        ground.crash().reached("restart: stopped");
        up();
        return result(began);
    }

    /** Without it the stop itself writes all that is dirty, while nobody is served. */
    private void checkpoint() {
        try (var connection = superuser("postgres", CHECKPOINT);
                var statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
        } catch (SQLException failure) {
            LOG.warn("no checkpoint before the restart of {}: {}", id, failure.getMessage());
        }
    }

    private Connection superuser(String database, Duration limit) throws SQLException {
        return sql().connect(Sql.SUPERUSER, passwords().superuser(), database, limit);
    }

    Secret monitorPassword() {
        return passwords().monitor();
    }

    /** The last of it goes with its memory, so that a destroy that is cut short is repeated. */
    void destroy() {
        if (memory.isPresent()) {
            remember(known().wishing(Desired.Stopped, known().term()));
            down(StopMode.Immediate);
        } else if (home.hasData()) {
            throw new OrderFailed("member " + id + " has data without memory; look at it yourself");
        }
        ground.crash().reached("destroy: stopped");
        for (var part : new Path[] {home.data(), home.making(), home.guard()}) {
            Durable.delete(part);
        }
        ground.crash().reached("destroy: data gone");
        Durable.delete(home.root());
        memory = Optional.empty();
    }

    /** The supervisor's turn: brings back what died, if nobody else is at work on it. */
    void tend() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (shouldRun() && !postgres.isGuarded() && recovery.isDue()) {
                bringBack();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean shouldRun() {
        return memory.filter(
                        known -> known.stage() == Stage.Ready && known.desired() == Desired.Running)
                .isPresent();
    }

    private void bringBack() {
        var end = postgres.lastEnd();
        LOG.warn("Postgres of {} is gone ({}), starting it", id, end);
        recovery.attempt(end);
        try {
            up();
            recovery.succeeded();
        } catch (RuntimeException failure) {
            LOG.warn("Postgres of {} does not come back: {}", id, failure.getMessage());
            recovery.failed(String.valueOf(failure.getMessage()));
        }
    }

    /** After the start of an agent: what runs is ours again, and its clients may come. */
    void adopt() {
        if (memory.isPresent() && postgres.isReady()) {
            noteGuard();
            gate.release(address());
            LOG.info("adopted the running Postgres of {}", id);
        }
    }

    /** For people and tools; our own truth is the pid file that the guard itself writes. */
    private void noteGuard() {
        guard.pid().ifPresent(pid -> Durable.writePublic(guardPidFile(), pid + "\n"));
    }

    private Path guardPidFile() {
        return ground.home().run().resolve("guard-" + id + ".pid");
    }

    void measure() {
        dataBytes = DiskUse.of(home.data());
        LogRotation.of(log());
    }

    MemberStatus status() {
        var known = memory;
        var onDisk = ControlFile.systemIdentifier(home.data());
        var state = known.map(this::state).orElse(State.Unknown);
        return new MemberStatus(
                id.value(),
                known.map(one -> one.instanceId().value()).orElse(""),
                known.map(Memory::term).orElse(0L),
                known.map(one -> one.role().name()).orElse(""),
                known.map(one -> one.desired().name()).orElse(""),
                state,
                known.map(_ -> address()),
                onDisk,
                known.map(Memory::postgresMajor).orElse(0),
                dataBytes,
                recovery.restarts(),
                trouble());
    }

    private Optional<String> trouble() {
        if (memory.isEmpty()) {
            return Optional.of("its memory beside the data is missing or unreadable");
        }
        if (known().stage() == Stage.Ready && fitness() instanceof Fitness.Unfit(var words)) {
            return Optional.of(words);
        }
        return recovery.trouble();
    }

    private State state(Memory known) {
        if (known.stage() == Stage.Making) {
            return State.Creating;
        }
        if (postgres.isReady()) {
            return State.Running;
        }
        if (postgres.isGuarded()) {
            return State.Starting;
        }
        if (fitness() instanceof Fitness.Unfit) {
            return State.Unknown;
        }
        return switch (known.desired()) {
            case Running -> State.Crashed;
            case Stopped -> State.Stopped;
        };
    }
}
