package dev.toygres.orchestrations;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.agentapi.OrderResult.Done;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.Lane;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries orders to agents within a step. The job's key is the step's, so that a second attempt, or
 * another server that took over, joins the job that runs instead of starting a rival; the run's
 * token goes with it, so that a server that was only slow is refused.
 */
public final class Orders {
    private static final Logger LOG = LoggerFactory.getLogger(Orders.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Agents agents;

    public Orders(Agents agents) {
        this.agents = agents;
    }

    /** An order that failed at the agent; worth another attempt. */
    public static final class OrderFailed extends RuntimeException {
        OrderFailed(String message) {
            super(message);
        }
    }

    /**
     * Puts the order and waits until it has ended.
     *
     * @param subject the member id, or for endpoints the instance id
     * @throws PermanentFailure when the agent refuses it
     */
    public <R extends OrderResult> R carryOut(
            Attempt attempt, String hostId, String subject, Order order, Class<R> result) {
        return carryOut(attempt, "", hostId, subject, order, result);
    }

    /**
     * As above, where a step puts several orders of one kind to one member.
     *
     * @param part tells them apart
     */
    public void carryOut(Attempt attempt, String part, String hostId, String subject, Order order) {
        carryOut(attempt, part, hostId, subject, order, Done.class);
    }

    /** As above, where the answer matters. */
    public <R extends OrderResult> R carryOut(
            Attempt attempt,
            String part,
            String hostId,
            String subject,
            Order order,
            Class<R> result) {
        return carryOut(attempt, part, hostId, subject, order, result, () -> {});
    }

    /**
     * As above, for as long as it is worth waiting for.
     *
     * @param meanwhile asked every two seconds; what it throws ends the wait, and not the order
     */
    public void carryOut(
            Attempt attempt, String hostId, String subject, Order order, Runnable meanwhile) {
        var _ = carryOut(attempt, "", hostId, subject, order, Done.class, meanwhile);
    }

    /**
     * Puts the order, and waits for nothing, not even for the agent: whoever relies on what it does
     * orders it again, and waits then.
     */
    public void foreshadow(Attempt attempt, String hostId, String subject, Supplier<Order> order) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        var _ = put(attempt, "", hostId, subject, order.get(), Duration.ZERO);
                    } catch (RuntimeException later) {
                        LOG.debug("{} is not told beforehand: {}", subject, later.getMessage());
                    }
                });
    }

    private JobStatus put(
            Attempt attempt,
            String part,
            String hostId,
            String subject,
            Order order,
            Duration wait) {
        // A step may put several orders: each is a job of its own.
        String kind = order.getClass().getSimpleName();
        String key = "%s/%s/%s/%s".formatted(attempt.jobKey(), kind, subject, part);
        OrderEnvelope envelope =
                new OrderEnvelope(subject, laneOf(order), attempt.token(), attempt.number(), order);
        return agents.of(hostId).put(key, envelope, wait);
    }

    private <R extends OrderResult> R carryOut(
            Attempt attempt,
            String part,
            String hostId,
            String subject,
            Order order,
            Class<R> result,
            Runnable meanwhile) {
        while (true) {
            JobStatus status = put(attempt, part, hostId, subject, order, POLL);
            switch (status.state()) {
                case Running -> {
                    attempt.progress(status.progress(), status.words());
                    meanwhile.run();
                }
                case Succeeded -> {
                    return JSON.convertValue(status.result().orElseThrow(), result);
                }
                case Failed -> throw new OrderFailed(said(hostId, status));
                case Refused -> throw new PermanentFailure(said(hostId, status));
            }
        }
    }

    /** A long backup must not be in the way of a failover; a restore is a change of topology. */
    private static Lane laneOf(Order order) {
        return switch (order) {
            case BackupOrder.RestoreMember _,
                    BackupOrder.UndoRestore _,
                    BackupOrder.KeepRestored _,
                    BackupOrder.DropKept _ ->
                    Lane.topology;
            case BackupOrder _ -> Lane.backup;
            case Order _ -> Lane.topology;
        };
    }

    /** The first act of a run at every member that it will order. */
    public void claim(Attempt attempt, String hostId, String memberId) {
        carryOut(attempt, hostId, memberId, new Order.ClaimLane());
    }

    /** As above, for orders that only have to be done. */
    public void carryOut(Attempt attempt, String hostId, String subject, Order order) {
        carryOut(attempt, hostId, subject, order, Done.class);
    }

    private static String said(String hostId, JobStatus status) {
        return "host %s: %s".formatted(hostId, status.error().orElse(status.words()));
    }
}
