package dev.toygres.orchestrations.endpoint;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.leftover.LeftoverFlows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Within a flow that cannot reach the host of the addresses: another one serves them (S13). */
public final class Takeover {
    private static final StepOptions OPEN =
            StepOptions.DEFAULT.attempts(2).backoff(Duration.ofMillis(100), Duration.ofMillis(500));

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

    private Optional<EndpointUp> run(Context context, String instanceId, Opening opening) {
        Move move =
                context.transact(
                        "choose-endpoint-host", Move.class, c -> steps.elsewhere(c, instanceId));
        return move.to().isPresent()
                ? opened(context, move, opening).filter(_ -> kept(context, move))
                : Optional.empty();
    }

    private interface Opening {
        EndpointUp at(Attempt attempt, Move move);
    }

    private Optional<EndpointUp> opened(Context context, Move move, Opening opening) {
        try {
            return Optional.of(
                    context.step(
                            "open-endpoint-elsewhere",
                            OPEN,
                            EndpointUp.class,
                            attempt -> opening.at(attempt, move)));
        } catch (StepFailed taken) {
            leave(context, move);
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
