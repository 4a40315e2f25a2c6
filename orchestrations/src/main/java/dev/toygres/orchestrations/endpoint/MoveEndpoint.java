package dev.toygres.orchestrations.endpoint;

import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.leftover.LeftoverFlows;
import java.time.Duration;

/**
 * The addresses of an instance are served again: by their host if it is back, else by another one
 * (S13). Started by the watch, once their host has not answered for a while and the primary serves.
 *
 * <p>Why it is safe: who serves them matters to clients only. What keeps two primaries apart is the
 * term and the fence, and an endpoint that is left behind leads to a primary that these have
 * stopped. Two never serve at once all the same: the new host waits until the old one has let go of
 * the ports, which it does by itself once its agent is silent; where it does not let go, it lives,
 * and this is undone. The former one is closed before its host may ever serve them again.
 */
public final class MoveEndpoint implements Flow<EndpointInput, EndpointOutcome> {
    private static final StepOptions ELSEWHERE = Takeover.ELSEWHERE.asAbortable();

    private static final StepOptions AT_HOME =
            StepOptions.DEFAULT
                    .attempts(2)
                    .backoff(Duration.ofMillis(100), Duration.ofMillis(500))
                    .asAbortable();

    private final EndpointSteps steps;
    private final Demolition demolition;

    MoveEndpoint(EndpointSteps steps, Demolition demolition) {
        this.steps = steps;
        this.demolition = demolition;
    }

    @Override
    public EndpointOutcome run(Context context, EndpointInput input) {
        String id = input.instanceId();
        context.step("look", StepOptions.DEFAULT, _ -> steps.look(id));
        Move move = context.transact("choose-host", Move.class, c -> steps.choose(c, id));
        if (move.isElsewhere()) {
            context.onUndo(
                    "leave-it-alone",
                    undo -> {
                        var _ = demolition.endpoint(undo, id, move.target(), move.term());
                    });
        }
        context.progress(0.3, "serving the addresses at " + move.target());
        context.step(
                "open-endpoint",
                move.isElsewhere() ? ELSEWHERE : AT_HOME,
                EndpointUp.class,
                attempt -> steps.open(attempt, move));
        if (move.isElsewhere()) {
            context.pointOfNoReturn("moved");
            keep(context, move);
        }
        return new EndpointOutcome(id, move.target());
    }

    /** Unless its host was forgotten meanwhile, and with it the addresses. */
    private void keep(Context context, Move move) {
        boolean kept =
                context.transact(
                        "move", Boolean.class, c -> steps.moved(c, context.operationId(), move));
        if (kept) {
            context.startDetached("close-former", LeftoverFlows.CLEAR, steps.former(move));
        } else {
            var _ = demolition.endpoint(context, move.instanceId(), move.target(), move.term());
        }
    }
}
