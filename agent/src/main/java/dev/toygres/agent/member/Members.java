package dev.toygres.agent.member;

import dev.toygres.agentapi.Agent.MemberHealth;
import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberSessions;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.Name;
import dev.toygres.model.parameter.ParameterDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** All members of this host, and the orders to them. */
public final class Members {
    private final Map<MemberId, Member> all = new ConcurrentHashMap<>();
    private final Ground ground;
    private final Gate gate;
    private final Creation creation;
    private final Replicas replicas;
    private final Fencing fencing;
    private final Promotion promotion;
    private final Rejoining rejoining;
    private final Trial trial;
    private final Ports ports;

    public Members(Ground ground, Gate gate, Ports ports, InstantSource clock) {
        this.ground = ground;
        this.gate = gate;
        this.ports = ports;
        var templates =
                new Templates(
                        ground.home().templates(),
                        ground.installations(),
                        ground.tools(),
                        ground.user(),
                        ground.limits().tool());
        creation = new Creation(ground, templates, ports, clock);
        replicas = new Replicas(ground, ports);
        fencing = new Fencing(ground);
        promotion = new Promotion(ground);
        rejoining = new Rejoining(ground, replicas);
        trial = new Trial(ground, new Scratch(ground, templates, ports, clock));
        find();
        all.values().forEach(one -> one.memory().ifPresent(known -> ports.reserve(known.port())));
    }

    private void find() {
        try (var directories = Files.newDirectoryStream(ground.home().members())) {
            for (var directory : directories) {
                var name = directory.getFileName().toString();
                if (Name.fault(name).isEmpty() && holdsSomething(directory)) {
                    member(new MemberId(name));
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** An empty directory is what a create or destroy leaves that was cut short: nothing. */
    private static boolean holdsSomething(Path directory) {
        return Files.exists(directory.resolve("data"))
                || Files.exists(directory.resolve("member.json"));
    }

    Ports ports() {
        return ports;
    }

    Member member(MemberId id) {
        return all.computeIfAbsent(id, _ -> new Member(id, ground, gate));
    }

    public OrderResult create(Order.CreateMember order) {
        return locked(order.memberId(), member -> creation.create(member, order));
    }

    public OrderResult start(Order.StartMember order) {
        return locked(order.memberId(), member -> member.start(order.term(), order.settings()));
    }

    public OrderResult stop(Order.StopMember order) {
        return done(order.memberId(), member -> member.stop(order.term(), order.mode()));
    }

    public OrderResult restart(Order.RestartMember order) {
        return locked(order.memberId(), member -> member.restart(order.term()));
    }

    public OrderResult destroy(Order.DestroyMember order) {
        return done(
                order.memberId(),
                member -> {
                    member.destroy();
                    member.lease().forget();
                    all.remove(member.id);
                });
    }

    public OrderResult keepSlot(Order.KeepSlot order) {
        return done(order.memberId(), member -> member.keepSlot(order.slot()));
    }

    public OrderResult dropSlot(Order.DropSlot order) {
        return done(order.memberId(), member -> member.dropSlot(order.slot()));
    }

    public OrderResult createReplica(Order.CreateReplica order, Progress progress) {
        return locked(order.memberId(), member -> replicas.create(member, order, progress));
    }

    /** Before the lock: whoever makes the copy has it. */
    public void abortClone(MemberId id) {
        Clone.abort(member(id).home);
    }

    public OrderResult follow(Order.FollowMember order) {
        return done(order.memberId(), member -> replicas.follow(member, order));
    }

    public OrderResult syncStandbys(Order.SyncStandbys order) {
        var list = SyncList.of(order.number(), order.names());
        return done(order.memberId(), member -> SyncCommit.apply(member, list, order.term()));
    }

    public OrderResult checkpoint(Order.Checkpoint order) {
        return done(order.memberId(), Member::writeOut);
    }

    public OrderResult drain(Order.DrainMember order) {
        return locked(order.memberId(), member -> Draining.of(member, order.timeout()));
    }

    public OrderResult fence(Order.FenceMember order) {
        return locked(order.memberId(), member -> fencing.fence(member, order.term()));
    }

    public OrderResult unfence(Order.UnfenceMember order) {
        return locked(order.memberId(), member -> fencing.unfence(member, order.term()));
    }

    /** Without the lock: it is about the time when somebody else has it. */
    public OrderResult watch(Order.WatchMember order) {
        existing(order.memberId()).watch(Watching.of(order));
        return new OrderResult.Done();
    }

    public OrderResult kill(Order.KillMember order) {
        return done(order.memberId(), member -> member.kill(order.term()));
    }

    /** Before the lock: whoever has it may wait for a Postgres that hangs. */
    public void killAtOnce(MemberId id) {
        existing(id).killAtOnce();
    }

    public OrderResult part(Order.PartStandby order) {
        return locked(order.memberId(), member -> Parting.part(member, order));
    }

    public OrderResult append(Order.AppendWal order) {
        return done(order.memberId(), member -> Parting.append(member, ground.user(), order));
    }

    /** What a fenced, stopped member wrote; never of one that may still write. */
    public WalPiece wal(MemberId id, int timeline, Lsn from, int most) {
        var member = existing(id);
        if (!member.known().is(Memory.Role.Fenced) || member.postgres().isGuarded()) {
            throw new AgentRefusal(
                    "member " + id + " is not fenced and stopped: its WAL may not have ended");
        }
        return WalTail.read(member.home.data().resolve("pg_wal"), timeline, from, most);
    }

    /** Changes whenever something happened that the server should know at once. */
    public long pulse() {
        return all.values().stream().mapToLong(Member::pulse).sum();
    }

    /** Notes who has died since the supervisor's last turn. */
    public void look() {
        all.values().forEach(Member::look);
    }

    /** Without the lock: it waits, and changes nothing. */
    public OrderResult await(Order.AwaitPosition order) {
        replicas.await(member(order.memberId()), order);
        return new OrderResult.Done();
    }

    public OrderResult promote(Order.PromoteMember order) {
        return locked(order.memberId(), member -> promotion.promote(member, order));
    }

    public OrderResult rejoin(Order.RejoinMember order, Progress progress) {
        return locked(order.memberId(), member -> rejoining.rejoin(member, order, progress));
    }

    public OrderResult configure(Order.ConfigureMember order) {
        return locked(order.memberId(), member -> Configuring.of(member, ground, order));
    }

    /** Without the lock: the member is not touched. */
    public OrderResult trySettings(Order.TrySettings order) {
        return trial.of(member(order.memberId()), order);
    }

    /** Of the member nothing is made, so that there is nobody to lock. */
    public OrderResult tryMember(Order.TryMember order) {
        trial.of(order.creation());
        return new OrderResult.Done();
    }

    public OrderResult keepElectorate(Order.KeepElectorate order) {
        return done(order.memberId(), member -> member.lease().keep(order.electorate()));
    }

    /** Without the lock, as is the next: whoever is starting its Postgres can still promise. */
    public OrderResult vouchFor(Order.VouchFor order) {
        member(order.memberId()).lease().vowFor(order);
        return new OrderResult.Done();
    }

    public OrderResult prepare(Order.Prepare order) {
        var out = member(order.memberId()).lease().prepare(order);
        return new OrderResult.Prepared(MemberLease.roundedUp(out));
    }

    Collection<Member> all() {
        return all.values();
    }

    Optional<Member> find(MemberId id) {
        return Optional.ofNullable(all.get(id));
    }

    private OrderResult done(MemberId id, Consumer<Member> work) {
        return locked(
                id,
                member -> {
                    work.accept(member);
                    return new OrderResult.Done();
                });
    }

    OrderResult locked(MemberId id, Function<Member, OrderResult> work) {
        var member = member(id);
        member.lock.lock();
        try {
            return work.apply(member);
        } finally {
            member.lock.unlock();
        }
    }

    /** After the start of an agent. */
    public void adopt() {
        trial.sweep();
        all.values().forEach(Member::adopt);
    }

    /** One turn of the supervisor; a member that is slow to come back does not keep the others. */
    public void tend(Executor executor) {
        all.values().forEach(member -> executor.execute(member::tend));
        all.values().forEach(member -> executor.execute(member::probe));
        all.values().forEach(member -> executor.execute(member::tendSlots));
    }

    /** Counts the bytes of all data directories. */
    public void measure() {
        all.values().forEach(Member::measure);
    }

    public List<MemberStatus> status() {
        return all.values().stream()
                .filter(one -> one.memory().isPresent() || one.home.hasData())
                .sorted(Comparator.comparing(one -> one.id.value()))
                .map(Member::status)
                .toList();
    }

    public List<String> log(MemberId id, int lines) {
        return LogTail.of(existing(id).log(), lines);
    }

    public MemberHealth health(MemberId id, Duration timeout) {
        return HealthProbe.of(existing(id), timeout);
    }

    public MemberSessions sessions(MemberId id) {
        return SessionProbe.of(existing(id));
    }

    public MemberParameters parameters(MemberId id) {
        return ParameterProbe.of(existing(id));
    }

    public List<ParameterDefinition> definitions(int postgresMajor, String libraries) {
        return trial.definitions(postgresMajor, libraries);
    }

    private Member existing(MemberId id) {
        var member = all.get(id);
        if (member == null || member.memory().isEmpty()) {
            throw new AgentRefusal("there is no member " + id + " on this host");
        }
        return member;
    }
}
