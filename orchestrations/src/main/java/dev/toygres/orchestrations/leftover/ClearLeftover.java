package dev.toygres.orchestrations.leftover;

import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepOptions;
import java.time.Duration;

/**
 * Destroys what was left on a host once that answers again, and then frees the names of it. Ends
 * when the host is forgotten: what is no leftover any more is nobody's to destroy.
 */
public final class ClearLeftover implements Flow<Leftover, Leftover> {
    /** Waiting costs nothing; told of after a day. */
    private static final StepOptions UNTIL_IT_IS_BACK =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofSeconds(1), Duration.ofSeconds(15))
                    .deadline(Duration.ofDays(1));

    private final Demolition demolition;

    ClearLeftover(Demolition demolition) {
        this.demolition = demolition;
    }

    @Override
    public Leftover run(Context context, Leftover leftover) {
        context.pointOfNoReturn("only-forward");
        context.progress(0.1, "waiting for " + leftover.hostId());
        context.step("destroy", UNTIL_IT_IS_BACK, one -> demolition.clear(one, leftover));
        context.transact("free-the-name", c -> demolition.forget(c, leftover));
        return leftover;
    }
}
