package dev.toygres.orchestrations.endpoint;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepBody;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.leftover.LeftoverFlows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Within a flow that cannot reach the host of the addresses: another one serves them (S13), or they
 * lead there at home, if that is back first. Nobody who writes is served before one of the two.
 */
public final class Takeover {
    /**
     * Long enough until a silent host has let go of the ports. Each attempt joins the work of the
     * one before, so that it costs little to look for the host in between.
     */
    static final StepOptions ELSEWHERE =
            StepOptions.DEFAULT
                    .attempts(12)
                    .attemptTimeout(Duration.ofSeconds(2))
                    .backoff(Duration.ofMillis(100), Duration.ofMillis(100));

    private static final StepOptions AT_HOME =
            StepOptions.DEFAULT
                    .attempts(2)
                    .attemptTimeout(Duration.ofSeconds(10))
                    .backoff(Duration.ofMillis(100), Duration.ofMillis(500));

    private final EndpointSteps steps;
    private final Demolition demolition;

    public Takeover(EndpointSteps steps, Demolition demolition) {
        this.steps = steps;
        this.demolition = demolition;
    }

    /** Who is primary stays so; empty: nobody else can serve them, or the old host still does. */
    public Optional<EndpointUp> asBefore(Context context, String instanceId, Address target) {
        return run(
                context,
                instanceId,
                (attempt, move) ->
                        steps.open(attempt, move, target, steps.readers(move.instanceId())));
    }

    /** They lead to a new primary, and until the replicas follow that, to nobody else. */
    public Optional<EndpointUp> toNewPrimary(Context context, String instanceId, Address target) {
        return run(
                context,
                instanceId,
                (attempt, move) -> steps.open(attempt, move, target, List.of()));
    }

    private interface Opening {
        EndpointUp at(Attempt attempt, Move move);
    }

    private Optional<EndpointUp> run(Context context, String instanceId, Opening opening) {
        Move move =
                context.transact(
                        "choose-endpoint-host", Move.class, c -> steps.elsewhere(c, instanceId));
        if (move.to().isEmpty()) {
            return Optional.empty();
        }
        Optional<EndpointUp> elsewhere = elsewhere(context, move, opening);
        if (elsewhere.isPresent()) {
            return elsewhere.filter(_ -> kept(context, move));
        }
        Optional<EndpointUp> home = atHome(context, move.home(), opening);
        leave(context, move);
        return home;
    }

    private Optional<EndpointUp> elsewhere(Context context, Move move, Opening opening) {
        return open(
                context,
                "open-endpoint-elsewhere",
                ELSEWHERE,
                attempt -> {
                    steps.requireNotServedAtHome(move);
                    return opening.at(attempt, move);
                });
    }

    private Optional<EndpointUp> atHome(Context context, Move home, Opening opening) {
        return open(
                context,
                "open-endpoint-at-home",
                AT_HOME,
                attempt -> {
                    steps.requireBack(home);
                    return opening.at(attempt, home);
                });
    }

    private static Optional<EndpointUp> open(
            Context context, String name, StepOptions options, StepBody<EndpointUp> opening) {
        try {
            return Optional.of(context.step(name, options, EndpointUp.class, opening));
        } catch (StepFailed notThere) {
            return Optional.empty();
        }
    }

    private boolean kept(Context context, Move move) {
        boolean kept =
                context.transact(
                        "move-endpoint",
                        Boolean.class,
                        c -> steps.moved(c, context.operationId(), move));
        if (kept) {
            context.startDetached("close-former-endpoint", LeftoverFlows.CLEAR, steps.former(move));
        } else {
            leave(context, move);
        }
        return kept;
    }

    private void leave(Context context, Move move) {
        var _ = demolition.endpoint(context, move.instanceId(), move.target(), move.term());
    }
}
