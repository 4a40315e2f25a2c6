package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.Promoted;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.FailoverState;
import java.time.Duration;

/**
 * The primary moves to a replica, on somebody's wish (R2.15).
 *
 * <p>Why it is safe: the next term is opened, durably, before anybody hears of it (S1). The way to
 * the old primary is cut (S13), and it is stopped, confirmed and marked, before the target is told
 * to promote (S5); the mark keeps it from coming back writable (S11). The target has received the
 * last byte that the old primary wrote, so nothing acknowledged is lost. Whatever fails before the
 * promotion is undone: the old primary adopts the open term and serves again. After it there is
 * only forward.
 */
public final class ManualFailover implements Flow<FailoverInput, FailoverOutcome> {
    private static final StepOptions ONCE = StepOptions.DEFAULT.attempts(1);

    /** After the promotion: bookkeeping that must succeed. */
    private static final StepOptions FORWARD =
            StepOptions.DEFAULT
                    .attempts(StepOptions.FOREVER)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(2));

    private static final StepOptions BACK = FORWARD;

    private final FailoverSteps steps;

    public ManualFailover(FailoverSteps steps) {
        this.steps = steps;
    }

    @Override
    public FailoverOutcome run(Context context, FailoverInput input) {
        try {
            return move(context, input);
        } catch (StepFailed failure) {
            context.transact(
                    "note-failure", c -> steps.noteFailure(c, context.operationId(), failure));
            throw failure;
        }
    }

    private FailoverOutcome move(Context context, FailoverInput input) {
        context.onUndo(
                "end-account", BACK, _ -> steps.undone(context.operationId(), input.instanceId()));
        Cast cast =
                context.transact(
                        "validate", Cast.class, c -> steps.cast(c, context.operationId(), input));
        context.step("claim-lanes", StepOptions.DEFAULT, attempt -> steps.claim(attempt, cast));

        if (input.waitForSync()) {
            context.progress(0.1, "waiting until " + cast.target().id() + " is level");
            context.step(
                    "wait-for-sync",
                    ONCE.attemptTimeout(Duration.ofMillis(input.syncTimeoutMs() + 5_000))
                            .asAbortable(),
                    attempt -> steps.waitForSync(attempt, cast, input.syncTimeoutMs()));
        }
        context.progress(0.3, "writing out what is dirty on " + cast.oldPrimary().id());
        context.step(
                "checkpoint",
                ONCE.attemptTimeout(Duration.ofMinutes(30)).asAbortable(),
                attempt -> steps.checkpoint(attempt, cast));

        context.transact("open-term", c -> steps.openTerm(c, context.operationId(), cast));
        context.onUndo("resume-old-primary", BACK, attempt -> steps.resume(attempt, cast));
        Moment interrupted =
                context.step(
                        "hold-endpoint",
                        ONCE,
                        Moment.class,
                        attempt -> steps.hold(attempt, cast, input));
        Fenced fenced =
                context.step(
                        "fence-primary",
                        StepOptions.DEFAULT.attempts(2),
                        Fenced.class,
                        attempt -> steps.fence(attempt, cast, input));
        context.step(
                "receive-last-byte",
                StepOptions.DEFAULT.attempts(2),
                attempt -> steps.receive(attempt, cast, requireClean(fenced)));

        context.pointOfNoReturn("promotion");
        Promoted promoted =
                context.step(
                        "promote-replica",
                        FORWARD,
                        Promoted.class,
                        attempt -> steps.promote(attempt, cast));
        Moment restored =
                context.step(
                        "route-to-new-primary",
                        FORWARD,
                        Moment.class,
                        attempt -> steps.route(attempt, cast, promoted));
        long interruption = restored.at().toEpochMilli() - interrupted.at().toEpochMilli();
        context.transact(
                "settle-term",
                c ->
                        steps.settleTerm(
                                c, context.operationId(), cast, promoted, fenced, interruption));

        context.progress(0.8, "taking the others along");
        for (Cast.Part other : cast.others()) {
            context.step(
                    "follow-" + other.id(), FORWARD, attempt -> steps.follow(attempt, cast, other));
        }
        oldPrimary(context, input, cast);
        steps.settle(context, input.instanceId());
        context.transact("complete", c -> steps.complete(c, context.operationId(), input));
        return new FailoverOutcome(
                input.instanceId(),
                context.operationId(),
                cast.target().id(),
                cast.nextTerm(),
                interruption);
    }

    private void oldPrimary(Context context, FailoverInput input, Cast cast) {
        context.transact(
                "clean-up-old-primary",
                c -> steps.state(c, context.operationId(), FailoverState.CleaningUpOldPrimary));
        switch (input.oldPrimaryAction()) {
            case ConvertToReplica ->
                    context.step(
                            "rejoin-old-primary",
                            FORWARD.attemptTimeout(Duration.ofDays(1)),
                            attempt -> steps.rejoin(attempt, cast));
            case StopAndRetain ->
                    context.transact("retain-old-primary", c -> steps.retain(c, cast));
            case Terminate -> {
                context.step(
                        "destroy-old-primary", FORWARD, attempt -> steps.destroy(attempt, cast));
                context.transact("forget-old-primary", c -> steps.forgetOld(c, cast));
            }
        }
    }

    private static String requireClean(Fenced fenced) {
        if (!fenced.clean()) {
            throw new PermanentFailure(
                    "the primary did not end with a shutdown checkpoint: what it wrote last is not"
                            + " known to have been sent");
        }
        return fenced.lsn();
    }
}
