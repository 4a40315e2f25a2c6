package dev.toygres.orchestrations;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Agent;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.OrderResult;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private final Map<String, Long> tokens = new TreeMap<>();
    private final List<String> effects = new ArrayList<>();
    private final Deque<Supplier<RuntimeException>> troubles = new ArrayDeque<>();
    private @Nullable CountDownLatch gate;
    private @Nullable String creationTrouble;
    private boolean reachable = true;

    public FakeAgent(String hostId) {
        this.hostId = hostId;
    }

    /** The next order fails so. */
    public synchronized void troubleAhead(Supplier<RuntimeException> trouble) {
        troubles.add(trouble);
    }

    /** Every order to create fails so. */
    public synchronized void creationFails(String words) {
        creationTrouble = words;
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
        if (envelope.order() instanceof Order.CreateMember && creationTrouble != null) {
            return status(key, JobStatus.State.Failed, creationTrouble);
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
                if (members.remove(destroy.memberId().value()) != null) {
                    effects.add("destroy " + destroy.memberId());
                }
                yield new OrderResult.Done();
            }
            case Order.OpenEndpoint open -> {
                if (!open.target()
                        .equals(endpoints.put(open.instanceId().value(), open.target()))) {
                    effects.add("open " + open.instanceId());
                }
                yield new OrderResult.EndpointUp(
                        open.ports().orElse(new EndpointPorts("127.0.0.1", 6000, 6001, 6002)));
            }
            case Order.CloseEndpoint close -> {
                if (endpoints.remove(close.instanceId().value()) != null) {
                    effects.add("close " + close.instanceId());
                }
                yield new OrderResult.Done();
            }
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
                endpoints.entrySet().stream()
                        .map(e -> endpoint(e.getKey(), e.getValue()))
                        .toList());
    }

    private static HostStatus.MemberStatus member(String id, String state) {
        return new HostStatus.MemberStatus(
                id,
                id.replaceAll("-m1$", ""),
                1,
                "primary",
                state,
                HostStatus.State.valueOf(state),
                Optional.of(new Address("127.0.0.1", 5555)),
                Optional.of("7000000000000000001"),
                15,
                40L << 20,
                0,
                Optional.empty());
    }

    private static HostStatus.EndpointStatus endpoint(String id, Address target) {
        return new HostStatus.EndpointStatus(
                id, 1, new EndpointPorts("127.0.0.1", 6000, 6001, 6002), target, true);
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
    public List<String> log(String memberId, int lines) {
        return List.of();
    }

    @Override
    public MemberHealth health(String memberId, Duration timeout) {
        return new MemberHealth(true, true, true, "well");
    }
}
