package dev.toygres.orchestrations;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Agent;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.agentapi.lease.LeaseRound;
import dev.toygres.agentapi.lease.LeaseStanding;
import dev.toygres.agentapi.lease.Witness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
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
    private final Set<String> held = new TreeSet<>();
    private final Set<String> slots = new TreeSet<>();
    private final Set<String> standbys = new TreeSet<>();
    private final Set<String> cutOff = new TreeSet<>();
    private String syncList = "";
    private final Map<String, Long> tokens = new TreeMap<>();
    private final List<String> effects = new ArrayList<>();
    private final Deque<Supplier<RuntimeException>> troubles = new ArrayDeque<>();
    private @Nullable CountDownLatch gate;
    private String failingKind = "";
    private String failingWords = "";
    private int failingTimes;
    private boolean reachable = true;

    public FakeAgent(String hostId) {
        this.hostId = hostId;
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
    }

    public synchronized void reachable(boolean answers) {
        reachable = answers;
    }

    /** Orders to create stay Running until the latch opens. */
    public synchronized void holdCreation(CountDownLatch until) {
        gate = until;
    }

    /** What really changed, in order: an order that found its wish fulfilled is not in here. */
    public synchronized List<String> effects() {
        return List.copyOf(effects);
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
        String lane = envelope.subject() + "/" + envelope.lane();
        if (envelope.token() < tokens.getOrDefault(lane, 0L)) {
            return status(key, JobStatus.State.Refused, "an older token than I have seen");
        }
        tokens.put(lane, envelope.token());
        if (envelope.order() instanceof Order.CreateMember && gate != null && gate.getCount() > 0) {
            return status(key, JobStatus.State.Running, "copying");
        }
        if (envelope.order().getClass().getSimpleName().equals(failingKind) && failingTimes > 0) {
            failingTimes--;
            return status(key, JobStatus.State.Failed, failingWords);
        }
        Supplier<RuntimeException> trouble = troubles.poll();
        if (trouble != null) {
            return status(key, JobStatus.State.Failed, String.valueOf(trouble.get().getMessage()));
        }
        OrderResult result = obey(envelope.order());
        return new JobStatus(
                key,
                JobStatus.State.Succeeded,
                1,
                "done",
                Optional.of(JSON.valueToTree(result)),
                Optional.empty());
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
            case Order.CreateMember create -> run("create", create.memberId().value());
            case Order.StartMember start -> run("start", known(start.memberId().value()));
            case Order.RestartMember restart -> {
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
                if (members.remove(destroy.memberId().value()) != null) {
                    effects.add("destroy " + destroy.memberId());
                }
                yield new OrderResult.Done();
            }
            case Order.OpenEndpoint open -> {
                String id = open.instanceId().value();
                String route = open.target() + " " + open.readers();
                boolean wasHeld = held.remove(id);
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
                yield run("clone", create.memberId().value());
            }
            case Order.FollowMember follow -> {
                effects.add("follow " + known(follow.memberId().value()));
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
                change("fence", known(fence.memberId().value()), "Stopped");
                yield new OrderResult.Fenced("0/5000000", true);
            }
            case Order.UnfenceMember back -> {
                standbys.remove(back.memberId().value());
                change("unfence", known(back.memberId().value()), "Running");
                yield up();
            }
            case Order.PromoteMember promote -> {
                if (standbys.remove(known(promote.memberId().value()))) {
                    effects.add("promote " + promote.memberId());
                }
                yield new OrderResult.Promoted(new Address("127.0.0.1", 5555), 2, 25);
            }
            case Order.RejoinMember rejoin -> {
                standbys.add(rejoin.memberId().value());
                change("rejoin", known(rejoin.memberId().value()), "Running");
                yield new OrderResult.Rejoined(
                        new Address("127.0.0.1", 5555), OrderResult.Rejoined.How.Started, 0);
            }
            case Order.HoldEndpoint hold -> {
                if (held.add(hold.instanceId().value())) {
                    effects.add("hold " + hold.instanceId());
                }
                yield new OrderResult.Done();
            }
            case Order.KeepElectorate _, Order.VouchFor _ -> new OrderResult.Done();
            case Order.Prepare _ -> new OrderResult.Prepared(0);
            case Order.CloseEndpoint close -> {
                if (endpoints.remove(close.instanceId().value()) != null) {
                    effects.add("close " + close.instanceId());
                }
                yield new OrderResult.Done();
            }
            case BackupOrder _ -> throw new IllegalStateException("this fake takes no backups");
        };
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
            throw new AgentUnreachable(hostId + " does not answer", new IOException("away"));
        }
    }

    @Override
    public synchronized HostStatus status() {
        refuseIfAway();
        return new HostStatus(
                hostId,
                "local",
                "local-a",
                "boot-1",
                Instant.EPOCH,
                Map.of(15, "15.18"),
                2,
                64L << 30,
                100L << 30,
                50L << 30,
                members.entrySet().stream().map(e -> member(e.getKey(), e.getValue())).toList(),
                endpoints.entrySet().stream().map(e -> endpoint(e.getKey(), e.getValue())).toList(),
                Optional.empty(),
                List.of());
    }

    private HostStatus.MemberStatus member(String id, String state) {
        return new HostStatus.MemberStatus(
                id,
                id.replaceAll("-[mr][0-9]$", ""),
                1,
                "primary",
                state,
                HostStatus.State.valueOf(state),
                Optional.of(new Address("127.0.0.1", 5555)),
                Optional.of("7000000000000000001"),
                15,
                40L << 20,
                0,
                Optional.empty(),
                state.equals("Running") ? Optional.of(replication(id)) : Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private HostStatus.Replication replication(String id) {
        boolean standby = standbys.contains(id);
        return new HostStatus.Replication(
                standby,
                "0/5000000",
                standby ? Optional.of("0/5000000") : Optional.empty(),
                0,
                standby && !cutOff.contains(id),
                1,
                List.of(),
                List.of());
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
                1,
                new EndpointPorts("127.0.0.1", 6000, 6001, 6002),
                target,
                true,
                held.contains(id));
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
    public LeaseStanding lease(LeaseRound round, Duration timeout) {
        refuseIfAway();
        return new LeaseStanding("boot-1", 0, List.of(), List.of());
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
}
