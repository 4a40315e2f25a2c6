package dev.toygres.orchestrations;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Agent;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberSessions;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.Witness;
import dev.toygres.model.AddressRange;
import dev.toygres.model.Lane;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.parameter.ParameterDefinition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An agent whose Postgres servers are entries of a map. It keeps the rules of the real one: tokens
 * only grow, orders are idempotent, a job is joined by its key. Trouble is scripted.
 */
public final class FakeAgent implements Agent {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String hostId;
    private final Map<String, String> members = new TreeMap<>();
    private final Map<String, Address> endpoints = new TreeMap<>();
    private final Map<String, String> routes = new TreeMap<>();
    private final Map<String, Long> routeTerms = new TreeMap<>();
    private final Set<String> held = new TreeSet<>();
    private final Set<String> readersOnly = new TreeSet<>();
    private final Set<String> ended = new TreeSet<>();
    private final Set<String> slots = new TreeSet<>();
    private final Set<String> standbys;
    public final FakeStore backups = new FakeStore();
    private final Set<String> cutOff = new TreeSet<>();
    private final List<HostStatus.Unheard> unheard = new ArrayList<>();
    private final Set<String> fenced = new TreeSet<>();
    private final Map<String, Long> prepared = new TreeMap<>();
    private final Map<String, Long> behind = new TreeMap<>();
    private final Set<String> parted = new TreeSet<>();
    private final Map<String, Order.FollowMember> followed = new TreeMap<>();
    private final Map<String, Integer> hung = new TreeMap<>();
    private final Map<String, String> received = new TreeMap<>();
    private final Map<String, Duration> holdBack = new TreeMap<>();
    private String walEnd = "";
    private long pulse;
    private String bootId = "boot-1";
    private boolean revived;
    private String syncList = "";
    private final Map<String, Long> tokens = new TreeMap<>();
    private final List<String> effects = new ArrayList<>();
    public final FakeParameters postgres = new FakeParameters();
    private final Deque<Supplier<RuntimeException>> troubles = new ArrayDeque<>();
    private @Nullable CountDownLatch gate;
    private String busyKind = "";
    private boolean busy;
    private String failingKind = "";
    private String failingWords = "";
    private int failingTimes;
    private JobStatus.State failingAs = JobStatus.State.Failed;
    private int failingLater;
    private boolean reachable = true;
    private final Set<String> mute = new TreeSet<>();
    private volatile CountDownLatch statusGate = new CountDownLatch(0);
    private final AtomicInteger waitingForStatus = new AtomicInteger();
    private long downForMs = 5;
    private long stalledMs;
    private final Set<String> recovering = new TreeSet<>();
    private final Set<String> silent = new TreeSet<>();
    private Optional<OrderResult.Tail> tail = Optional.empty();
    private final Map<String, Long> terms = new TreeMap<>();
    private final Map<String, Integer> wordless = new TreeMap<>();
    private final Set<String> givenUp = new TreeSet<>();
    private final List<String> copies = new ArrayList<>();
    private int endsAt;
    private boolean obeysBefore;
    private Optional<String> endedDuring = Optional.empty();
    private final Map<String, Integer> mostWritable = new TreeMap<>();

    public FakeAgent(String hostId) {
        this.hostId = hostId;
        standbys = new ConcurrentSkipListSet<>();
    }

    /** Beside another one: a primary on either says who follows it, wherever that is. */
    FakeAgent(String hostId, FakeAgent other) {
        this.hostId = hostId;
        standbys = other.standbys;
    }

    /** The next order fails so. */
    public synchronized void troubleAhead(Supplier<RuntimeException> trouble) {
        troubles.add(trouble);
    }

    /** The next so many orders of that kind fail so. */
    public synchronized void failing(String kind, String words, int times) {
        failingKind = kind;
        failingWords = words;
        failingTimes = times;
        failingAs = JobStatus.State.Failed;
    }

    /** How many of them are still to come. */
    public synchronized int failuresLeft() {
        return failingTimes;
    }

    /** Orders of that kind are refused. */
    public synchronized void refusing(String kind, String words) {
        failing(kind, words, Integer.MAX_VALUE);
        failingAs = JobStatus.State.Refused;
    }

    /** So many orders of that kind are obeyed before these that fail. */
    public synchronized void failingAfter(String kind, String words, int times, int obeyed) {
        failing(kind, words, times);
        failingLater = obeyed;
    }

    public synchronized void reachable(boolean answers) {
        reachable = answers;
    }

    /** Orders to this member, or to its host, are answered by nobody, and it is not seen. */
    public synchronized void silence(String memberId, boolean silenced) {
        if (silenced) {
            silent.add(memberId);
        } else {
            silent.remove(memberId);
        }
    }

    /**
     * It is lost at that order, counted from here, before it obeys or before it can say that it
     * has; the next one finds it started again.
     */
    public synchronized void lostAt(int order, boolean afterObeying) {
        endsAt = order;
        obeysBefore = afterObeying;
        endedDuring = Optional.empty();
    }

    /** The order at which it was lost. */
    public synchronized Optional<String> lostDuring() {
        return endedDuring;
    }

    /** Most members of one instance that would have taken a commit at the same moment (S5). */
    public synchronized int mostWritable() {
        return mostWritable.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Who would take a commit now. */
    public synchronized List<String> writable() {
        return members.entrySet().stream()
                .filter(one -> one.getValue().equals("Running"))
                .map(Map.Entry::getKey)
                .filter(id -> !standbys.contains(id))
                .toList();
    }

    public synchronized Set<String> held() {
        return Set.copyOf(held);
    }

    /** Orders of that kind stay Running until the latch opens. */
    public synchronized void keepsBusy(String kind, CountDownLatch until) {
        busyKind = kind;
        gate = until;
    }

    /** Whether such an order has come. */
    public synchronized boolean isBusy() {
        return busy;
    }

    /** What really changed, in order: an order that found its wish fulfilled is not in here. */
    public synchronized List<String> effects() {
        return List.copyOf(effects);
    }

    /** How replicas were copied. */
    public synchronized List<String> copies() {
        return List.copyOf(copies);
    }

    public synchronized Map<String, String> members() {
        return Map.copyOf(members);
    }

    public synchronized Map<String, Address> endpoints() {
        return Map.copyOf(endpoints);
    }

    @Override
    public synchronized JobStatus put(String key, OrderEnvelope envelope, Duration wait) {
        refuseIfAway();
        if (silent.contains(envelope.subject())) {
            throw away();
        }
        if (endsAt > 0 && --endsAt == 0) {
            endedDuring = Optional.of(envelope.order().getClass().getSimpleName());
            if (obeysBefore) {
                obey(envelope.order());
                countWritable();
            }
            throw away();
        }
        String lane = envelope.subject() + "/" + envelope.lane();
        if (envelope.token() < tokens.getOrDefault(lane, 0L)) {
            return status(key, JobStatus.State.Refused, "an older token than I have seen");
        }
        tokens.put(lane, envelope.token());
        busy =
                envelope.order().getClass().getSimpleName().equals(busyKind)
                        && gate != null
                        && gate.getCount() > 0;
        if (busy && gate != null) {
            stayAWhile(gate);
            return status(key, JobStatus.State.Running, "copying");
        }
        if (envelope.order().getClass().getSimpleName().equals(failingKind)
                && !onlyAsks(envelope.order())
                && failingTimes > 0
                && failingLater-- <= 0) {
            failingTimes--;
            return status(key, failingAs, failingWords);
        }
        if (mute.contains(envelope.subject())) {
            return status(key, JobStatus.State.Failed, envelope.subject() + " does not answer");
        }
        Supplier<RuntimeException> trouble = troubles.poll();
        if (trouble != null) {
            return status(key, JobStatus.State.Failed, String.valueOf(trouble.get().getMessage()));
        }
        if (envelope.order() instanceof Order.StartMember start
                && fenced.contains(start.memberId().value())) {
            return status(key, JobStatus.State.Failed, "member " + start.memberId() + " is fenced");
        }
        OrderResult result;
        try {
            result = obey(envelope.order());
        } catch (FakeStore.Trouble said) {
            return status(key, JobStatus.State.Failed, String.valueOf(said.getMessage()));
        }
        countWritable();
        return new JobStatus(
                key,
                JobStatus.State.Succeeded,
                1,
                "done",
                Optional.of(JSON.valueToTree(result)),
                Optional.empty());
    }

    /** As a real one keeps who asks for work that goes on; a cancel interrupts that. */
    private static void stayAWhile(CountDownLatch until) {
        try {
            var _ = until.await(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new AgentUnreachable("interrupted while asking the agent", cancelled);
        }
    }

    /** Whether somebody runs at all, not how far it has got. */
    private static boolean onlyAsks(Order order) {
        return order instanceof Order.AwaitPosition await && await.lsn().equals("0/0");
    }

    private void countWritable() {
        writable().stream()
                .collect(Collectors.groupingBy(FakeAgent::instance, Collectors.counting()))
                .forEach((id, count) -> mostWritable.merge(id, count.intValue(), Math::max));
    }

    private AgentUnreachable away() {
        return new AgentUnreachable(hostId + " does not answer", new IOException("away"));
    }

    private static JobStatus status(String key, JobStatus.State state, String words) {
        return new JobStatus(
                key,
                state,
                0.5,
                words,
                Optional.empty(),
                state == JobStatus.State.Running ? Optional.empty() : Optional.of(words));
    }

    private OrderResult obey(Order order) {
        return switch (order) {
            case Order.ClaimLane _ -> new OrderResult.Done();
            case Order.CreateMember create -> {
                postgres.start(create.memberId().value(), create.settings());
                yield run("create", create.memberId().value());
            }
            case Order.StartMember start -> {
                start.settings()
                        .ifPresent(given -> postgres.start(start.memberId().value(), given));
                yield run("start", known(start.memberId().value()));
            }
            case Order.RestartMember restart -> {
                postgres.restart(restart.memberId().value());
                effects.add("restart " + known(restart.memberId().value()));
                members.put(restart.memberId().value(), "Running");
                yield up();
            }
            case Order.StopMember stop -> {
                change("stop", known(stop.memberId().value()), "Stopped");
                yield new OrderResult.Done();
            }
            case Order.DestroyMember destroy -> {
                standbys.remove(destroy.memberId().value());
                fenced.remove(destroy.memberId().value());
                terms.remove(destroy.memberId().value());
                if (members.remove(destroy.memberId().value()) != null) {
                    effects.add("destroy " + destroy.memberId());
                }
                yield new OrderResult.Done();
            }
            case Order.OpenEndpoint open -> {
                String id = open.instanceId().value();
                String route =
                        open.target() + " " + open.readers() + (open.readersOnly() ? " only" : "");
                if (open.readersOnly()) {
                    readersOnly.add(id);
                } else {
                    readersOnly.remove(id);
                }
                boolean hadEnded = ended.remove(id);
                boolean wasHeld = held.remove(id) || hadEnded;
                routeTerms.put(id, open.term());
                boolean isNew = endpoints.put(id, open.target()) == null;
                if (!route.equals(routes.put(id, route)) || isNew || wasHeld) {
                    effects.add("open " + id + " for " + open.readers().size() + " readers");
                }
                yield new OrderResult.EndpointUp(
                        open.ports().orElse(new EndpointPorts("127.0.0.1", 6000, 6001, 6002)));
            }
            case Order.KeepSlot keep -> {
                if (slots.add(keep.slot() + keep.memberId())) {
                    effects.add("slot " + keep.slot() + " on " + keep.memberId());
                }
                yield new OrderResult.Done();
            }
            case Order.DropSlot drop -> {
                if (slots.remove(drop.slot() + drop.memberId())) {
                    effects.add("drop " + drop.slot() + " on " + drop.memberId());
                }
                yield new OrderResult.Done();
            }
            case Order.CreateReplica create -> {
                standbys.add(create.memberId().value());
                fenced.remove(create.memberId().value());
                copies.add(
                        "%s from %s at %d kB/s"
                                .formatted(
                                        create.memberId(),
                                        create.copyFrom().isEmpty()
                                                ? "its upstream"
                                                : "another member",
                                        create.maxRateKilobytes()));
                cutOff.remove(create.memberId().value());
                postgres.start(create.memberId().value(), create.settings());
                yield run("clone", create.memberId().value());
            }
            case Order.FollowMember follow -> {
                String id = known(follow.memberId().value());
                boolean apart = cutOff.contains(id) || parted.contains(id);
                cutOff.remove(id);
                parted.remove(id);
                // Told twice, beforehand and for certain, it follows once.
                if (!follow.equals(followed.put(id, follow)) || apart) {
                    effects.add("follow " + id);
                }
                yield new OrderResult.Done();
            }
            case Order.SyncStandbys sync -> {
                String list = sync.memberId() + " waits for " + sync.names();
                if (!list.equals(syncList)) {
                    syncList = list;
                    effects.add(list);
                }
                yield new OrderResult.Done();
            }
            case Order.Checkpoint _, Order.AwaitPosition _ -> new OrderResult.Done();
            case Order.DrainMember _ -> new OrderResult.Drained(0, 0);
            case Order.FenceMember fence -> {
                fenced.add(fence.memberId().value());
                change("fence", known(fence.memberId().value()), "Stopped");
                yield new OrderResult.Fenced("0/5000000", true);
            }
            case Order.UnfenceMember back -> {
                refuseASecondPrimary(back.memberId().value());
                standbys.remove(back.memberId().value());
                fenced.remove(back.memberId().value());
                change("unfence", known(back.memberId().value()), "Running");
                yield up();
            }
            case Order.PromoteMember promote -> {
                refuseASecondPrimary(promote.memberId().value());
                if (standbys.remove(known(promote.memberId().value()))) {
                    effects.add("promote " + promote.memberId());
                }
                yield new OrderResult.Promoted(new Address("127.0.0.1", 5555), 2, 25);
            }
            case Order.RejoinMember rejoin -> {
                standbys.add(rejoin.memberId().value());
                fenced.remove(rejoin.memberId().value());
                cutOff.remove(rejoin.memberId().value());
                postgres.start(rejoin.memberId().value(), rejoin.settings());
                change("rejoin", known(rejoin.memberId().value()), "Running");
                yield new OrderResult.Rejoined(
                        new Address("127.0.0.1", 5555),
                        OrderResult.Rejoined.How.Started,
                        tail.map(OrderResult.Tail::bytes).orElse(0L),
                        tail);
            }
            case Order.TryMember _ -> new OrderResult.Done();
            case Order.TrySettings trial -> postgres.trial(trial, known(trial.memberId().value()));
            case Order.ConfigureMember it ->
                    postgres.configure(
                            it,
                            known(it.memberId().value()),
                            primaryOf(it.memberId().value()),
                            effects);
            case Order.HoldEndpoint hold -> {
                if (held.add(hold.instanceId().value())) {
                    effects.add("hold " + hold.instanceId());
                }
                yield new OrderResult.Done();
            }
            case Order.WatchMember watch -> {
                holdBack.put(watch.memberId().value(), watch.holdBack());
                yield new OrderResult.Done();
            }
            case Order.KillMember kill -> {
                hung.remove(kill.memberId().value());
                recovering.remove(kill.memberId().value());
                fenced.add(kill.memberId().value());
                change("kill", known(kill.memberId().value()), "Stopped");
                yield new OrderResult.Done();
            }
            case Order.PartStandby part -> {
                String id = known(part.memberId().value());
                cutOff.add(id);
                if (parted.add(id)) {
                    effects.add("part " + id);
                }
                String position = received.getOrDefault(id, "0/5000000");
                yield new OrderResult.Parted(position, position, 1);
            }
            case Order.AppendWal append -> {
                effects.add("append to " + append.memberId() + " from " + append.from());
                yield new OrderResult.Done();
            }
            case Order.KeepElectorate _, Order.VouchFor _ -> new OrderResult.Done();
            case Order.Prepare prepare -> {
                prepared.put(known(prepare.memberId().value()), prepare.term());
                yield new OrderResult.Prepared(0);
            }
            case Order.CloseEndpoint close -> {
                if (endpoints.remove(close.instanceId().value()) != null) {
                    effects.add("close " + close.instanceId());
                }
                yield new OrderResult.Done();
            }
            case BackupOrder.RestoreMember restore -> {
                String id = restore.memberId().value();
                standbys.remove(id);
                effects.add(
                        "restore %s%s to %s"
                                .formatted(restore.over() ? "over " : "", id, restore.target()));
                members.put(id, "Running");
                postgres.start(id, restore.settings());
                yield backups.restored(restore);
            }
            case BackupOrder.UndoRestore undo -> {
                effects.add("undo restore of " + undo.memberId());
                members.put(undo.memberId().value(), "Running");
                yield up();
            }
            case BackupOrder.KeepRestored keep -> {
                effects.add("keep what was restored of " + keep.memberId());
                members.put(keep.memberId().value(), "Running");
                yield up();
            }
            case BackupOrder order1 -> backups.obey(order1, effects);
        };
    }

    /** What must never be, whatever was lost on the way: two members that take writes (S5). */
    private void refuseASecondPrimary(String memberId) {
        members.forEach(
                (id, state) -> {
                    boolean writable = state.equals("Running") && !standbys.contains(id);
                    if (writable
                            && !id.equals(memberId)
                            && instance(id).equals(instance(memberId))) {
                        throw new AssertionError(
                                memberId + " would be writable beside " + id + ": " + effects);
                    }
                });
    }

    private static String instance(String memberId) {
        return memberId.replaceAll("-[mrs][0-9]$", "");
    }

    /** Empty for a primary. */
    private Optional<String> primaryOf(String memberId) {
        String instance = memberId.substring(0, memberId.lastIndexOf('-') + 1);
        return members.keySet().stream()
                .filter(_ -> standbys.contains(memberId))
                .filter(id -> id.startsWith(instance) && !standbys.contains(id))
                .findFirst();
    }

    private String known(String memberId) {
        if (!members.containsKey(memberId)) {
            throw new IllegalStateException("unknown member " + memberId);
        }
        return memberId;
    }

    private OrderResult run(String verb, String memberId) {
        change(verb, memberId, "Running");
        return up();
    }

    private void change(String verb, String memberId, String state) {
        if (!state.equals(members.put(memberId, state))) {
            effects.add(verb + " " + memberId);
        }
    }

    private static OrderResult up() {
        return new OrderResult.MemberUp(new Address("127.0.0.1", 5555), "7000000000000000001", 42);
    }

    private void refuseIfAway() {
        if (!reachable) {
            throw away();
        }
    }

    /** Whoever asks how it is waits until the latch opens. */
    public void hangStatus(CountDownLatch until) {
        statusGate = until;
    }

    /** How many wait for that. */
    public int waitingForStatus() {
        return waitingForStatus.get();
    }

    @Override
    public HostStatus status() {
        waitingForStatus.incrementAndGet();
        try {
            statusGate.await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw away();
        } finally {
            waitingForStatus.decrementAndGet();
        }
        return statusNow();
    }

    private synchronized HostStatus statusNow() {
        refuseIfAway();
        return new HostStatus(
                hostId,
                "local",
                "local-a",
                bootId,
                Instant.EPOCH,
                Map.of(15, "15.18"),
                2,
                64L << 30,
                100L << 30,
                50L << 30,
                members.entrySet().stream()
                        .filter(e -> !silent.contains(e.getKey()))
                        .map(e -> member(e.getKey(), e.getValue()))
                        .toList(),
                endpoints.entrySet().stream().map(e -> endpoint(e.getKey(), e.getValue())).toList(),
                Optional.empty(),
                List.of(AddressRange.parse("127.0.0.0/8")),
                pulse,
                revived,
                tokens.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** A guard has started the agent again. */
    public synchronized void revive(String nextBootId) {
        bootId = nextBootId;
        revived = true;
    }

    /** Its postmaster is gone; the agent leaves it to the server. */
    public synchronized void die(String memberId) {
        members.put(memberId, "Crashed");
        standbys.forEach(cutOff::add);
        pulse++;
    }

    /** No process of it is left, and it is not to be started. */
    public synchronized void unfit(String memberId) {
        members.put(memberId, "Unknown");
        standbys.forEach(cutOff::add);
    }

    /** After the crash of a backend it recovers, and for so long nothing of that has moved. */
    public synchronized void recovers(String memberId, Duration stalled) {
        stalledMs = stalled.toMillis();
        recovering.add(memberId);
        standbys.forEach(cutOff::add);
    }

    /** It has been so for a while. */
    public synchronized void die(String memberId, Duration ago) {
        downForMs = ago.toMillis();
        die(memberId);
    }

    /** No order to it succeeds any more. */
    public synchronized void mute(String memberId, boolean silent) {
        if (silent) {
            mute.add(memberId);
        } else {
            mute.remove(memberId);
        }
    }

    /** Its disk was replaced: nothing of it is there, or known. */
    public synchronized void forget(String memberId) {
        members.remove(memberId);
        pulse++;
    }

    /** It does not answer any more; so many checks have failed. */
    public synchronized void hang(String memberId, int checks) {
        hung.put(memberId, checks);
        pulse++;
    }

    /** What a standby has of the primary's WAL. */
    public synchronized void hasReceived(String memberId, String position) {
        received.put(memberId, position);
    }

    /** Where the WAL on a dead primary's disk ends. */
    public synchronized void walEnds(String position) {
        walEnd = position;
    }

    /** How long it leaves a dead primary to the server. */
    public synchronized Duration heldBack(String memberId) {
        return holdBack.getOrDefault(memberId, Duration.ZERO);
    }

    @Override
    public synchronized WalPiece wal(String memberId, int timeline, String from, int most) {
        refuseIfAway();
        if (walEnd.equals("unreadable")) {
            throw new AgentUnreachable("the disk is gone", new IOException("disk"));
        }
        String end = walEnd.isEmpty() ? from : walEnd;
        long left = Lsn.parse(end).bytesSince(Lsn.parse(from));
        byte[] bytes = new byte[(int) Math.min(most, left)];
        return new WalPiece(
                from,
                new Lsn(Lsn.parse(from).value() + bytes.length).toString(),
                Base64.getEncoder().encodeToString(bytes),
                left > bytes.length);
    }

    private Optional<HostStatus.Vitals> vitals(String id, String state) {
        int failures = hung.getOrDefault(id, 0);
        boolean dead = state.equals("Crashed") || state.equals("Unknown");
        boolean recovers = recovering.contains(id);
        return state.equals("Stopped")
                ? Optional.empty()
                : Optional.of(
                        new HostStatus.Vitals(
                                !dead,
                                !dead && failures == 0,
                                true,
                                Optional.empty(),
                                recovers,
                                recovers ? stalledMs : 0,
                                failures,
                                1,
                                0,
                                dead ? downForMs : 0,
                                dead ? "killed by signal 9" : ""));
    }

    private HostStatus.MemberStatus member(String id, String state) {
        return new HostStatus.MemberStatus(
                id,
                instance(id),
                terms.getOrDefault(id, 1L),
                fenced.contains(id) ? "Fenced" : standbys.contains(id) ? "Standby" : "Primary",
                state.equals("Stopped") ? "Stopped" : "Running",
                HostStatus.State.valueOf(state),
                Optional.of(new Address("127.0.0.1", 5555)),
                Optional.of("7000000000000000001"),
                15,
                40L << 20,
                0,
                Optional.empty(),
                state.equals("Running") && !isWordless(id)
                        ? Optional.of(replication(id))
                        : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                vitals(id, state),
                postgres.given(id),
                List.copyOf(unheard));
    }

    private String position(String id) {
        return received.getOrDefault(id, "0/%X".formatted(0x5000000 - behind.getOrDefault(id, 0L)));
    }

    /** It was given an order with that token. */
    public synchronized void claimed(String memberId, long token) {
        tokens.put(memberId + "/" + Lane.topology, token);
    }

    /** Whatever the catalogue has, it is the primary of that term. */
    public synchronized void isPrimary(String memberId, long term) {
        standbys.remove(memberId);
        inTerm(memberId, term);
    }

    /** The newest term that it knows of. */
    public synchronized void inTerm(String memberId, long term) {
        terms.put(memberId, term);
    }

    /** What whoever rejoins next alone has. */
    public synchronized void diverged(OrderResult.Tail alone) {
        tail = Optional.of(alone);
    }

    /** For so many looks it runs and does not say where it is, as after a restart. */
    public synchronized void wordless(String memberId, int looks) {
        wordless.put(memberId, looks);
    }

    private boolean isWordless(String id) {
        return wordless.merge(id, -1, Integer::sum) >= 0;
    }

    private HostStatus.Replication replication(String id) {
        boolean standby = standbys.contains(id);
        return new HostStatus.Replication(
                standby,
                position(id),
                standby ? Optional.of(position(id)) : Optional.empty(),
                0,
                standby && !cutOff.contains(id),
                1,
                standby ? List.of() : followers(),
                List.of());
    }

    private List<HostStatus.Follower> followers() {
        return standbys.stream()
                .filter(id -> !cutOff.contains(id) && !givenUp.contains(id))
                .map(id -> new HostStatus.Follower(id, "streaming", "async", "0/0", "0/0"))
                .toList();
    }

    /** The primary has given it up; it has not noticed. */
    public synchronized void givenUp(String memberId, boolean isSo) {
        if (isSo) {
            givenUp.add(memberId);
        } else {
            givenUp.remove(memberId);
        }
    }

    /** It has not received the last bytes of the primary. */
    public synchronized void lag(String memberId, long bytes) {
        behind.put(memberId, bytes);
    }

    /** Its primaries do not get the word of these electors. */
    public synchronized void unheard(String... electors) {
        unheard.clear();
        for (String elector : electors) {
            unheard.add(new HostStatus.Unheard(elector, "connection refused"));
        }
    }

    /** Its connection to the primary is cut, or whole again. */
    public synchronized void cutOff(String memberId, boolean cut) {
        if (cut) {
            cutOff.add(memberId);
        } else {
            cutOff.remove(memberId);
        }
    }

    private HostStatus.EndpointStatus endpoint(String id, Address target) {
        return new HostStatus.EndpointStatus(
                id,
                routeTerms.getOrDefault(id, 1L),
                new EndpointPorts("127.0.0.1", 6000, 6001, 6002),
                target,
                !ended.contains(id),
                held.contains(id),
                ended.contains(id),
                readersOnly.contains(id));
    }

    /** Whether its primary serves no reads. */
    public synchronized boolean servesOnlyByReaders(String id) {
        return readersOnly.contains(id);
    }

    /** Its agent was away for too long, and has started again. */
    public synchronized void endEndpoint(String id) {
        ended.add(id);
    }

    /** Behind our back: somebody stopped it by an order that the catalogue knows nothing of. */
    public synchronized void stopBehindOurBack(String memberId) {
        members.put(memberId, "Stopped");
    }

    /** Something that the catalogue does not know. */
    public synchronized void stray(String memberId) {
        members.put(memberId, "Running");
    }

    @Override
    public synchronized LeaseStanding lease(LeaseRound round, Duration timeout) {
        refuseIfAway();
        List<LeaseStanding.Promise> promises =
                prepared.entrySet().stream()
                        .map(one -> promise(one.getKey(), one.getValue()))
                        .toList();
        return new LeaseStanding("boot-1", 0, List.of(), promises);
    }

    private static LeaseStanding.Promise promise(String memberId, long term) {
        return new LeaseStanding.Promise(new MemberId(memberId), term, 0);
    }

    @Override
    public Witness witness(String memberId, Duration timeout) {
        refuseIfAway();
        return new Witness(false, "there is no network in here");
    }

    @Override
    public List<String> log(String memberId, int lines) {
        return List.of();
    }

    @Override
    public MemberHealth health(String memberId, Duration timeout) {
        return new MemberHealth(true, true, true, "well");
    }

    @Override
    public synchronized MemberSessions sessions(String memberId) {
        refuseIfAway();
        return new MemberSessions(
                7,
                1,
                List.of(
                        new MemberSessions.OpenTransaction(
                                "app", "report", "app", "active", 60_000),
                        new MemberSessions.OpenTransaction(
                                "app", "shell", "app", "idle in transaction", 2_000)));
    }

    @Override
    public synchronized MemberParameters parameters(String memberId) {
        refuseIfAway();
        return postgres.of(known(memberId));
    }

    @Override
    public synchronized List<ParameterDefinition> definitions(int major, String libraries) {
        refuseIfAway();
        return FakeParameters.DEFINITIONS;
    }
}
