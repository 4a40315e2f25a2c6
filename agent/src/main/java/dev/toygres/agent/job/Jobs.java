package dev.toygres.agent.job;

import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.process.ToolFailed;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.JobStatus.State;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.model.Name;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

/**
 * Orders by key. Jobs are forgotten when the agent ends: orders may be repeated, and the fences are
 * what must not be forgotten.
 */
public final class Jobs {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final int REMEMBERED = 2_000;

    private final JsonMapper json = AgentJson.mapper();
    private final Fences fences;
    private final Orders orders;
    private final Map<String, ReentrantLock> lanes = new ConcurrentHashMap<>();
    private final Map<String, Job> jobs =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Job> eldest) {
                    return size() > REMEMBERED
                            && eldest.getValue().status().state() != State.Running;
                }
            };

    public Jobs(Path fences, Orders orders) {
        this.fences = new Fences(fences);
        this.orders = orders;
    }

    /** Of all orders that were ever let in: see {@link dev.toygres.agentapi.HostStatus}. */
    public long highestToken() {
        return fences.highestToken();
    }

    /** Runs the order under that key, or joins the job that does, and waits for its end. */
    public JobStatus put(String key, OrderEnvelope envelope, Duration wait)
            throws InterruptedException {
        check(envelope);
        var objection = fences.admit(envelope);
        if (objection.isPresent()) {
            LOG.warn("refused order {}: {}", key, objection.get());
            return refused(key, objection.get());
        }
        return job(key, envelope).await(wait);
    }

    private static JobStatus refused(String key, String words) {
        return new JobStatus(
                key, State.Refused, 1, "refused", Optional.empty(), Optional.of(words));
    }

    private static void check(OrderEnvelope envelope) {
        var subject = envelope.subject();
        Name.fault(subject)
                .ifPresent(
                        fault -> {
                            throw new IllegalArgumentException("subject " + fault);
                        });
        Terms.subject(envelope.order())
                .filter(about -> !about.equals(subject))
                .ifPresent(
                        about -> {
                            throw new IllegalArgumentException(
                                    "the order is about " + about + ", its subject " + subject);
                        });
    }

    private Job job(String key, OrderEnvelope envelope) {
        synchronized (jobs) {
            var known = jobs.get(key);
            if (known != null && !mayRunAgain(known, envelope)) {
                return known;
            }
            var job = new Job(key, envelope.attempt(), name(envelope.order()));
            jobs.put(key, job);
            Thread.ofVirtual().name(key).start(() -> run(key, job, envelope));
            return job;
        }
    }

    private static boolean mayRunAgain(Job known, OrderEnvelope envelope) {
        return switch (known.status().state()) {
            case Running, Succeeded -> false;
            case Failed -> envelope.attempt() > known.attempt;
            /* It never ran; and now its token has been let in. */
            case Refused -> true;
        };
    }

    private void run(String key, Job job, OrderEnvelope envelope) {
        try (var _ = MDC.putCloseable("order", key);
                var _ = MDC.putCloseable(kind(envelope.order()), envelope.subject())) {
            orders.overtake(envelope.order());
            var lane = lane(envelope);
            lane.lock();
            try {
                carryOut(job, envelope);
            } finally {
                lane.unlock();
            }
        } catch (OrderFailed | ToolFailed failure) {
            LOG.warn("order failed: {}", failure.getMessage());
            job.failed(String.valueOf(failure.getMessage()));
        } catch (RuntimeException fault) {
            LOG.error("order failed", fault);
            job.failed(fault.getClass().getSimpleName() + ": " + fault.getMessage());
        }
    }

    private static String kind(Order order) {
        return switch (order) {
            case Order.OpenEndpoint _,
                    Order.CloseEndpoint _,
                    Order.HoldEndpoint _,
                    BackupOrder.OfRepository _ ->
                    "instance";
            default -> "member";
        };
    }

    /** A claim must not wait for the work that it is meant to overtake. */
    private ReentrantLock lane(OrderEnvelope envelope) {
        // A wait changes nothing: it must not keep out who comes to end it.
        return Terms.isHarmless(envelope.order())
                        || envelope.order() instanceof Order.ClaimLane
                        || envelope.order() instanceof Order.AwaitPosition
                ? new ReentrantLock()
                : lanes.computeIfAbsent(
                        envelope.subject() + "/" + envelope.lane(), _ -> new ReentrantLock(true));
    }

    /** Asks again: a newer token may have come while this order waited for its turn. */
    private void carryOut(Job job, OrderEnvelope envelope) {
        var objection = fences.admit(envelope);
        if (objection.isPresent()) {
            job.refused(objection.get());
            return;
        }
        var began = System.nanoTime();
        LOG.info("{} begins", name(envelope.order()));
        var result = orders.carryOut(envelope.order(), job::reports);
        if (Terms.destroys(envelope.order())) {
            fences.destroyed(envelope);
        }
        LOG.info(
                "{} done in {} ms",
                name(envelope.order()),
                Duration.ofNanos(System.nanoTime() - began).toMillis());
        job.succeeded(json.valueToTree(result));
    }

    private static String name(Order order) {
        return order.getClass().getSimpleName();
    }
}
