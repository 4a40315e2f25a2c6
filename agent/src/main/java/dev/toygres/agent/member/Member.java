package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Desired;
import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agent.process.Guard;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.Given;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.Upstream;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
    private static final int CHECKPOINTS = 3;
    private static final Duration BRIEF = Duration.ofMillis(50);

    /** After that long a restart writes out again what is dirty. */
    private static final Duration WRITTEN_OUT = Duration.ofSeconds(30);

    private static final Duration BRIEF_LOOK = Duration.ofSeconds(5);

    final MemberId id;
    final MemberHome home;
    final ReentrantLock lock = new ReentrantLock(true);

    private final Ground ground;
    private final Gate gate;
    private final Guard guard;
    private final Postgres postgres;
    private final SuperuserSession session = new SuperuserSession();
    private final Recovery recovery = new Recovery();
    private final Vitality vitality;
    private final ReplicationProbe probe;
    private final Archiving archiving;
    private final UnarchivedWal unarchived;
    private final UnwantedSlots unwanted;
    private volatile long writtenOutAt = System.nanoTime() - WRITTEN_OUT.toNanos();
    private final MemberLease lease;
    private volatile Optional<Memory> memory;

    /** Seen to be so in what runs; not what is only remembered. */
    private volatile SyncList inForce = SyncList.NONE;

    private volatile long dataBytes;

    /** Stopped cleanly while no agent was here, as its machine or somebody does: no death (P48). */
    private volatile boolean rests;

    Member(MemberId id, Ground ground, Gate gate) {
        this.id = id;
        this.ground = ground;
        this.gate = gate;
        home = new MemberHome(ground.home().members().resolve(id.value()));
        vitality = new Vitality(this);
        probe = new ReplicationProbe(this, vitality);
        guard =
                new Guard(ground.guardProgram(), ground.tools(), home.data(), home.guard())
                        .keeping(ground.home());
        postgres = new Postgres(guard, home.data(), ground.limits());
        archiving = new Archiving(this, ground);
        unarchived = new UnarchivedWal(this);
        unwanted = new UnwantedSlots(this);
        lease = new MemberLease(this, guard, ground.bootClock());
        memory = readMemory();
    }

    MemberLease lease() {
        return lease;
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
        if (memory.filter(known -> known.sync().equals(next.sync())).isEmpty()) {
            inForce = SyncList.NONE;
        }
        next.writeTo(home.memory());
        memory = Optional.of(next);
        archiving.permit(next);
    }

    Address address() {
        return new Address(ground.bindAddress(), known().port());
    }

    Path log() {
        return guard.log();
    }

    Sql sql() {
        return new Sql(address(), home, session);
    }

    Archiving archiving() {
        return archiving;
    }

    Postgres postgres() {
        return postgres;
    }

    /** From now on it is checked so, and left to the server for so long when it dies. */
    void watch(Watching next) {
        vitality.watch(next);
    }

    /** Changes with every death, every failed check and every change of its part. */
    long pulse() {
        return vitality.pulse();
    }

    /** The mark first: whatever happens then, it does not come up writable (S5). */
    void kill(long term) {
        remember(known().fenced(term));
        ground.crash().reached("kill: marked");
        killAtOnce();
        Durable.delete(guardPidFile());
        LOG.info("{} was killed and is fenced; no process of it is left", id);
    }

    /** Without its lock: so whoever waits for a Postgres that hangs is through. */
    void killAtOnce() {
        // Also where there is no data: what is gone from its place may still have its processes.
        postgres.kill();
    }

    /** Returns when commits of its Postgres wait for these. */
    void awaitForce(SyncList list) {
        awaitForce(list, SyncCommit.LIMIT);
    }

    /** As above, or fails after that time. */
    void awaitForce(SyncList list, Duration limit) {
        SyncCommit.awaitForce(this, list, limit);
        inForce = list;
    }

    /** As far as is known: with nobody to wait for it is no matter. */
    boolean isInForce(SyncList list) {
        return list.equals(SyncList.NONE) || list.equals(inForce);
    }

    /** Its settings are written anew without anybody to ask for WAL, or with. */
    void parted(boolean parted) {
        if (parted) {
            ground.user().file(home.parted(), "");
        } else {
            Durable.delete(home.parted());
        }
    }

    /** Data without memory is nobody's to touch, and a member has one instance. */
    void requireIsOf(InstanceId instance) {
        if (memory.isEmpty() && home.hasData()) {
            throw new OrderFailed(
                    "member " + id + " has data without memory on this host; it is left as it is");
        }
        memory.filter(known -> !known.instanceId().equals(instance))
                .ifPresent(
                        known -> {
                            throw new OrderFailed(
                                    "member " + id + " belongs to " + known.instanceId());
                        });
    }

    void writeCertificate(Certificate certificate) {
        ground.user().file(home.certificate(), certificate.certificate());
        ground.user().file(home.key(), certificate.key());
        Durable.write(home.authority(), certificate.authority());
        ground.user().own(home.authority());
    }

    /** Of the replication role; not in the settings file, which more people may read. */
    void writePassfile(Upstream upstream) {
        var password = upstream.password().replace("\\", "\\\\").replace(":", "\\:");
        ground.user().file(home.passfile(), "*:*:*:" + upstream.user() + ":" + password + "\n");
    }

    /** Of a standby, with the password that its passfile has. */
    Upstream upstream() {
        var from = known().upstream().orElseThrow(() -> new OrderFailed(id + " follows nobody"));
        var line = Durable.read(home.passfile()).orElseThrow().strip();
        var prefix = "*:*:*:" + from.user() + ":";
        var password = line.substring(prefix.length()).replace("\\:", ":").replace("\\\\", "\\");
        return new Upstream(from.address(), from.user(), password, from.slot());
    }

    /** What its memory says is in force in a running Postgres, as soon as that has read it. */
    void reload() {
        writeSettings();
        postgres.reload();
    }

    /** An order that cannot be carried out leaves no trace; one that can forgets old trouble. */
    MemberUp start(long term, Optional<Map<String, String>> settings) {
        var next = settings.map(requireReady()::with).orElse(known());
        lease.await(next.wishing(Desired.Running, term));
        requireFit(next.wishing(Desired.Running, term));
        var ignored = Settings.file(next, home, ground.bindAddress(), Map.of());
        remember(next.wishing(Desired.Running, term));
        recovery.forget();
        return up();
    }

    Memory requireReady() {
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
            writeSignal();
            lastGood().start(this::launch);
            noteGuard();
            LOG.info("Postgres of {} answers on {}", id, address());
        }
        letClientsIn();
        return result(began);
    }

    /** But whoever leads writers to a standby has not heard yet that it is one. */
    void letClientsIn() {
        if (known().is(Role.Standby)) {
            gate.hold(address());
        } else {
            gate.release(address());
        }
    }

    LastGood lastGood() {
        return new LastGood(this, ground);
    }

    /** Throws when the agent would not write them. */
    void checkSettings(Map<String, String> settings) {
        var ignored = Settings.file(known().with(settings), home, ground.bindAddress(), Map.of());
    }

    void reached(String point) {
        ground.crash().reached(point);
    }

    private void launch() {
        writeSettings();
        postgres.start(ground.installations().bin(known().postgresMajor()), lease.fenceAt(known()));
    }

    private MemberUp result(long began) {
        var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return new MemberUp(address(), known().systemIdentifier(), millis);
    }

    /**
     * A standby never starts without its signal. With the role of a primary, a signal that is there
     * is that of a promotion that was cut short: it stays a standby until that order is repeated.
     */
    private void writeSignal() {
        if (known().is(Role.Standby)) {
            ground.user().file(home.standbySignal(), "");
        }
    }

    private void requireFit() {
        requireFit(known());
    }

    private void requireFit(Memory wanted) {
        switch (fitness(wanted)) {
            case Fitness.Fit() -> {}
            case Fitness.Unfit(var words) ->
                    throw new OrderFailed("member " + id + " is not started: " + words);
        }
    }

    private Fitness fitness() {
        return fitness(known());
    }

    private Fitness fitness(Memory wanted) {
        return Fitness.of(wanted, ControlFile.systemIdentifier(home.data()), lease.isFresh(wanted));
    }

    private void writeSettings() {
        writeAccess();
        writeSettings(archiving.settings());
    }

    /** Who may log in, and what the agent itself logs in with. */
    void writeAccess() {
        var user = ground.user();
        home.make(user);
        AccessKey.keep(home, user);
        keep(home.access(), Settings.access(ground.bindAddress()));
        keep(home.names(), Settings.names());
    }

    /** A promotion waits for it, and mostly one file has changed, if any. */
    private void keep(Path file, String content) {
        if (!Durable.read(file).equals(Optional.of(content))) {
            ground.user().file(file, content);
        }
    }

    /** With these besides: of the archive. */
    void writeSettings(Map<String, String> more) {
        writeSettings(known().settings(), more);
    }

    /** For as long as a recovery takes: what the data demands is not what is agreed. */
    void writeSettings(Map<String, String> settings, Map<String, String> more) {
        var wanted = known().with(settings);
        keep(home.settings(), Settings.file(wanted, home, ground.bindAddress(), more));
    }

    void stop(long term, StopMode mode) {
        remember(known().wishing(Desired.Stopped, term));
        down(mode);
        recovery.forget();
    }

    /** Stopped for work on its data. */
    void down(StopMode mode) {
        gate.hold(address());
        session.close();
        if (home.hasData()) {
            archiving.pause();
        }
        if (home.hasData() || postgres.isGuarded()) {
            postgres.stop(mode);
        }
        Durable.delete(guardPidFile());
        LOG.info("no process of {} is left", id);
    }

    /** The interruption is from the stop signal to the first answer. */
    MemberUp restart(long term) {
        requireReady();
        requireFit();
        remember(known().wishing(Desired.Running, term));
        recovery.forget();
        if (postgres.isReady() && !wasWrittenOut()) {
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
        try {
            writeOut();
        } catch (OrderFailed failure) {
            LOG.warn("no checkpoint before the restart of {}: {}", id, failure.getMessage());
        }
    }

    /** What a stop would have to do otherwise, while nobody can write. */
    void writeOut() {
        writeCheckpoint();
        WalPadding.fill(this);
        writtenOutAt = System.nanoTime();
    }

    /** Before clients were held: what little came since, the stop writes itself. */
    private boolean wasWrittenOut() {
        return System.nanoTime() - writtenOutAt < WRITTEN_OUT.toNanos();
    }

    /** As often as it pays: what gets dirty during a long one, the stop would write. */
    void writeCheckpoint() {
        for (int i = 0; i < CHECKPOINTS; i++) {
            var began = System.nanoTime();
            var ignored =
                    sql().asSuperuser(
                                    CHECKPOINT, "no checkpoint", one -> one.execute("CHECKPOINT"));
            if (System.nanoTime() - began < BRIEF.toNanos()) {
                return;
            }
        }
    }

    /** The last of it goes with its memory, so that a destroy that is cut short is repeated. */
    void destroy() {
        if (memory.isPresent()) {
            remember(known().wishing(Desired.Stopped, known().term()));
            down(StopMode.Immediate);
        } else if (home.hasData()) {
            throw new OrderFailed("member " + id + " has data without memory; look at it yourself");
        }
        archiving().end();
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
            if (memory.filter(known -> known.is(Role.Fenced)).isPresent() && postgres.isGuarded()) {
                LOG.warn("{} is fenced and runs: stopping it", id);
                down(StopMode.Fast);
            }
            if (isReadyStandby() && probe.sawPrimary() && wasPromotedByHand()) {
                LOG.warn("{} was promoted by somebody else than an order: stopping it", id);
                remember(known().disowned());
                down(StopMode.Immediate);
            }
            noteVitality();
            if (shouldRun()
                    && !postgres.isGuarded()
                    && lease.permits(known())
                    && recovery.isDue()
                    && !isHeldBack()) {
                bringBack();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is dead; not while an order is at work on it, which may be restarting it. */
    void look() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            noteVitality();
        } finally {
            lock.unlock();
        }
    }

    private void noteVitality() {
        rests = rests && !postgres.isGuarded();
        vitality.look(postgres, shouldRun() && !rests);
    }

    private boolean isReadyStandby() {
        return memory.filter(one -> one.stage() == Stage.Ready && one.is(Role.Standby)).isPresent();
    }

    /**
     * S1, S5: only an order in a term makes a primary. Clients that know its own address would take
     * it for one, and what they write would be lost. What was seen before may be of another time.
     */
    private boolean wasPromotedByHand() {
        try {
            return sql().asSuperuser(
                            BRIEF_LOOK, "role not known", one -> !Promotion.isInRecovery(one));
        } catch (OrderFailed notNow) {
            return false;
        }
    }

    /** A dead primary is the server's for a while: it may rather fail over. */
    private boolean isHeldBack() {
        return known().is(Role.Primary) && vitality.isHeldBack();
    }

    private boolean shouldRun() {
        return memory.filter(
                        known ->
                                known.stage() == Stage.Ready
                                        && known.desired() == Desired.Running
                                        && !known.is(Role.Fenced))
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
        } finally {
            rests = false;
        }
    }

    /** The supervisor's other turn: asks how its replication is, without anybody's lock. */
    void probe() {
        probe.refresh();
    }

    /**
     * And another: WAL that is not archived yet is not removed from a standby, and slots go that
     * could not be dropped while it was down.
     */
    void tendSlots() {
        unarchived.look();
        unwanted.look();
    }

    void keepSlot(String slot) {
        unwanted.forget(slot);
        Slots.keep(this, slot);
    }

    void dropSlot(String slot) {
        if (postgres.isReady()) {
            Slots.drop(this, slot);
        } else {
            unwanted.note(slot);
        }
    }

    /** After the start of an agent: what runs is ours again, and its clients may come. */
    void adopt() {
        guard.forgetLease();
        if (memory.filter(known -> known.stage() != Stage.Restoring).isPresent()
                && postgres.isReady()) {
            noteGuard();
            letClientsIn();
            writeSettings();
            postgres.reload();
            LOG.info("adopted the running Postgres of {}", id);
        }
        rests = shouldRun() && !postgres.isGuarded() && wasStoppedCleanly();
    }

    /** A layout that is not known, or a file that cannot be read, is no proof of it. */
    private boolean wasStoppedCleanly() {
        try {
            return ControlFile.read(home.data()).filter(ControlData::cleanlyShutDown).isPresent();
        } catch (UncheckedIOException unreadable) {
            return false;
        }
    }

    /** For people and tools; our own truth is the pid file that the guard itself writes. */
    void noteGuard() {
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
                trouble(),
                probe.latest(),
                probe.latestArchive(),
                Kept.of(home),
                shouldRun() ? Optional.of(vitality.vitals()) : Optional.empty(),
                known.filter(one -> one.stage() == Stage.Ready).map(this::given),
                lease.unheard());
    }

    private Given given(Memory known) {
        return new Given(Given.digest(known.settings()), lastGood().refused());
    }

    private Optional<String> trouble() {
        if (memory.isEmpty()) {
            return Optional.of("its memory beside the data is missing or unreadable");
        }
        if (known().is(Role.Fenced)) {
            return known().isDisowned()
                    ? Optional.of(
                            "it was promoted behind our back, and was stopped for that; rebuild it")
                    : Optional.empty();
        }
        if (known().stage() != Stage.Making
                && known().stage() != Stage.Restoring
                && fitness() instanceof Fitness.Unfit(var words)) {
            return Optional.of(words);
        }
        return probe.trouble().or(recovery::trouble);
    }

    private State state(Memory known) {
        if (known.stage() == Stage.Making || known.stage() == Stage.Restoring) {
            return State.Creating;
        }
        if (postgres.isReady()) {
            return State.Running;
        }
        if (known.is(Role.Fenced)) {
            return State.Stopped;
        }
        if (postgres.isGuarded()) {
            return State.Starting;
        }
        if (fitness() instanceof Fitness.Unfit) {
            return State.Unknown;
        }
        return switch (known.desired()) {
            case Running -> rests && lease.permits(known) ? State.Starting : State.Crashed;
            case Stopped -> State.Stopped;
        };
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
