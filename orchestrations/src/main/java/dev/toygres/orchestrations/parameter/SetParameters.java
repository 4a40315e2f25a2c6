package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.OrderResult.Configured;
import dev.toygres.agentapi.OrderResult.Tried;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterPlan.Action;
import dev.toygres.orchestrations.parameter.ChangeAccount.Turn;
import dev.toygres.orchestrations.parameter.ClientPause.Moment;
import dev.toygres.orchestrations.parameter.Course.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * New values for an instance's Postgres parameters (R5.25).
 *
 * <p>Nobody can take a database down with it: the whole new configuration has started a scratch
 * server beside each member before one is touched; one replica has it before the others, and they
 * before the primary. What does not come back gets its former values by itself, and so does
 * everybody who was touched before. Until all of them have the new values nothing is agreed: a
 * member that is made meanwhile has the former ones.
 */
public final class SetParameters implements Flow<ParameterInput, ParameterOutcome> {
    private static final StepOptions ONCE = StepOptions.DEFAULT.attempts(1);
    private static final StepOptions MEMBER =
            ONCE.attemptTimeout(Duration.ofMinutes(5)).deadline(Duration.ofMinutes(5));
    private static final StepOptions BACK =
            StepOptions.DEFAULT
                    .attempts(100)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .attemptTimeout(Duration.ofMinutes(5))
                    .deadline(Duration.ofMinutes(2));

    /** Half a minute in all. */
    static final StepOptions PROMPT =
            StepOptions.DEFAULT
                    .attempts(60)
                    .backoff(Duration.ofMillis(100), Duration.ofMillis(500));

    /** A scheduled change that is later than this is not made any more. */
    private static final Duration LATEST = Duration.ofDays(1);

    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LONG_PAUSE = Duration.ofMinutes(1);

    /**
     * So many times it is likely to be soon; then the journal need not have every turn of a day.
     */
    private static final int SOON = 12;

    private final ParameterSteps steps;
    private final ChangeAccount account;
    private final ClientPause clients;

    public SetParameters(ParameterSteps steps, ChangeAccount account, ClientPause clients) {
        this.steps = steps;
        this.account = account;
        this.clients = clients;
    }

    @Override
    public ParameterOutcome run(Context context, ParameterInput input) {
        String id = context.operationId();
        context.onUndo("end-account", undo -> undo.transact("end", c -> account.cancelled(c, id)));
        try {
            if (input.at().isPresent() && !comesToItsTurn(context, input, input.at().get())) {
                return new ParameterOutcome(input.instanceId(), id, 0);
            }
            return change(context, input.instanceId());
        } catch (StepFailed failure) {
            context.transact("note-failure", c -> account.noteFailure(c, id, failure));
            throw failure;
        }
    }

    private ParameterOutcome change(Context context, String instanceId) {
        String id = context.operationId();
        context.progress(0.05, "working out what to do");
        Course course =
                context.step("prepare", StepOptions.DEFAULT, Course.class, _ -> steps.prepare(id));
        context.transact("begin", c -> account.begin(c, id));
        for (Stop stop : course.in(0)) {
            context.step(
                    "claim-" + stop.memberId(), StepOptions.DEFAULT, one -> steps.claim(one, stop));
        }
        Map<String, Tried> tried = new HashMap<>();
        for (Stop stop : course.in(0)) {
            context.progress(0.1, "trying the settings beside " + stop.memberId());
            Tried shown =
                    context.step(
                            "try-" + stop.memberId(),
                            MEMBER,
                            Tried.class,
                            one -> steps.tryOut(one, id, course, stop));
            tried.put(stop.memberId(), shown);
        }
        for (Stop stop : course.in(1)) {
            context.progress(0.3, "changing replica " + stop.memberId());
            replica(context, course, stop);
        }
        long interruption = 0;
        for (Stop stop : course.in(2)) {
            context.progress(0.6, "changing primary " + stop.memberId());
            interruption += primary(context, course, stop);
        }
        for (Stop stop : course.in(3)) {
            context.progress(0.8, "changing replica " + stop.memberId());
            replica(context, course, stop);
        }
        for (Stop stop : course.in(0)) {
            context.progress(0.9, "asking " + stop.memberId());
            context.step(
                    "verify-" + stop.memberId(),
                    PROMPT,
                    _ ->
                            steps.verify(
                                    id,
                                    course,
                                    stop,
                                    Objects.requireNonNull(tried.get(stop.memberId()))));
        }
        long milliseconds = interruption;
        context.transact("agree", c -> account.agree(c, id, course, milliseconds));
        context.pointOfNoReturn("agreed");
        return new ParameterOutcome(instanceId, id, interruption);
    }

    private void replica(Context context, Course course, Stop stop) {
        Configured configured = configure(context, stop, stop.action() == Action.Restart);
        if (configured.restarted()) {
            context.step(
                    "see-streaming-" + stop.memberId() + "-" + stop.phase(),
                    PROMPT,
                    _ -> steps.seeStreaming(stop, course.instanceId()));
        }
    }

    private Configured configure(Context context, Stop stop, boolean restart) {
        String id = context.operationId();
        String name = stop.memberId() + "-" + stop.phase();
        context.onUndo("restore-" + name, BACK, one -> steps.restore(one, id, stop));
        return context.step(
                "configure-" + name,
                MEMBER,
                Configured.class,
                one -> steps.configure(one, id, stop, restart));
    }

    /** Answers for how long nobody could write. */
    private long primary(Context context, Course course, Stop stop) {
        return switch (stop.action()) {
            case Restart -> restart(context, course, stop);
            case Trial, Reload, Later -> {
                configure(context, stop, false);
                yield 0;
            }
        };
    }

    /** Pooled clients only pause; the others are ended between transactions, and held. */
    private long restart(Context context, Course course, Stop stop) {
        String instance = course.instanceId();
        configure(context, stop, false);
        context.step(
                "checkpoint",
                ONCE.attemptTimeout(Duration.ofMinutes(30)),
                one -> clients.checkpoint(one, instance, stop));
        context.onUndo("reopen-endpoint", BACK, one -> clients.reopen(one, instance));
        context.onUndo("running-again", BACK, _ -> clients.runningAgain(instance));
        context.transact("restarting", c -> clients.restarting(c, instance));
        context.onUndo(
                "restore-restarted", BACK, one -> steps.restore(one, context.operationId(), stop));
        Moment held =
                context.step(
                        "hold-endpoint", ONCE, Moment.class, one -> clients.hold(one, instance));
        drain(context, instance, stop);
        context.progress(0.7, "restarting primary " + stop.memberId());
        context.step(
                "restart-primary",
                MEMBER,
                Configured.class,
                one -> steps.configure(one, context.operationId(), stop, true));
        Moment open =
                context.step(
                        "open-endpoint", BACK, Moment.class, one -> clients.reopen(one, instance));
        context.transact("running", c -> clients.running(c, instance));
        return open.at().toEpochMilli() - held.at().toEpochMilli();
    }

    /** Courtesy: who is left is ended by the stop. */
    private void drain(Context context, String instance, Stop stop) {
        try {
            context.step("drain-primary", ONCE, one -> clients.drain(one, instance, stop));
        } catch (StepFailed undrained) {
            context.transact("go-on-undrained", _ -> {});
        }
    }

    // ---- at a time ----

    /** Answers false when it is not made any more; the change then says why. */
    private boolean comesToItsTurn(Context context, ParameterInput input, Instant at) {
        Duration left = Duration.between(context.now("asked"), at);
        if (left.isPositive()) {
            context.progress(0, "waiting for " + at);
            context.sleep("until-its-time", left);
        }
        for (int turn = 0; ; turn++) {
            Instant now = context.now("turn-" + turn);
            if (now.isAfter(at.plus(LATEST))) {
                return withdrawn(
                        context,
                        "it was due at %s, and could not begin within a day".formatted(at));
            }
            Turn found =
                    context.transact(
                            "take-turn-" + turn,
                            Turn.class,
                            c -> account.takeTurn(c, context.operationId(), input.instanceId()));
            switch (found) {
                case Ours -> {
                    return true;
                }
                case Gone -> {
                    return withdrawn(context, "the instance is gone");
                }
                case NotRunning, Busy ->
                        context.sleep("pause-" + turn, turn < SOON ? PAUSE : LONG_PAUSE);
            }
        }
    }

    private boolean withdrawn(Context context, String reason) {
        context.transact(
                "withdraw",
                c -> account.noteFailure(c, context.operationId(), ChangeState.Cancelled, reason));
        return false;
    }
}
