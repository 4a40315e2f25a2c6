package dev.toygres.orchestrations.failover;

import dev.toygres.agentapi.OrderResult.Fenced;
import dev.toygres.agentapi.OrderResult.Promoted;
import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.durable.Branch;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.FailoverState;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.endpoint.Takeover;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.replica.KeptTail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * The primary moves to a replica: on somebody's wish (R2.15), or because it is dead (R3.20). One
 * way to fail over, whoever asks; only how the old primary comes away differs.
 *
 * <p>Why it is safe: the next term is opened, durably, before anybody hears of it (S1). The way to
 * the old primary is cut (S13), and it is stopped, confirmed and marked, before the target is told
 * to promote (S5); the mark keeps it from coming back writable (S11). The target has received the
 * last byte that the old primary wrote, or has got it from its disk (S8), so nothing acknowledged
 * is lost. Whatever fails before the promotion is undone: the term came to nothing, and the old
 * primary serves again in the one after it, at once or when its host is back. After the promotion
 * there is only forward.
 */
public final class ManualFailover implements Flow<FailoverInput, FailoverOutcome> {
    private static final StepOptions ONCE = StepOptions.DEFAULT.attempts(1);

    /** Two or three minutes; nobody can write meanwhile, so then somebody is asked. */
    private static final StepOptions FORWARD =
            StepOptions.DEFAULT
                    .attempts(30)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(5))
                    .deadline(Duration.ofMinutes(1));

    /** Some seconds: an agent that starts again is back by then. */
    private static final StepOptions SOON =
            StepOptions.DEFAULT
                    .attempts(8)
                    .backoff(Duration.ofMillis(100), Duration.ofSeconds(1))
                    .attemptTimeout(Duration.ofSeconds(20));

    /**
     * Nobody can write: what has not come in its time, from a primary that is stopped, does not.
     */
    private static final StepOptions LAST_BYTE =
            StepOptions.DEFAULT
                    .attempts(2)
                    .retryOn(error -> !(error instanceof Orders.OrderFailed));

    /** What can be mended later must not hold up what cannot wait. */
    private static final StepOptions BRIEF =
            StepOptions.DEFAULT.backoff(Duration.ofMillis(100), Duration.ofSeconds(1));

    /** Who cannot follow at the first try has to be rewound: the watch does that. */
    private static final StepOptions LISTEN =
            BRIEF.retryOn(error -> !(error instanceof Orders.OrderFailed));

    /**
     * An agent that starts again is back meanwhile. What takes longer than that, as a copy does, is
     * left to the watch: nobody could be failed over until this is through.
     */
    private static final StepOptions RETURN =
            BRIEF.attempts(10)
                    .attemptTimeout(Duration.ofMinutes(2))
                    .retryOn(
                            error ->
                                    !(error instanceof TimeoutException
                                            || error instanceof Orders.OrderFailed));

    private final FailoverSteps steps;
    private final EmergencySteps emergency;
    private final Demolition demolition;
    private final Takeover takeover;
    private final ServingAgain again;

    public ManualFailover(
            FailoverSteps steps,
            EmergencySteps emergency,
            Demolition demolition,
            Takeover takeover) {
        this.takeover = takeover;
        this.again = new ServingAgain(steps, takeover);
        this.steps = steps;
        this.emergency = emergency;
        this.demolition = demolition;
    }

    @Override
    public FailoverOutcome run(Context context, FailoverInput input) {
        try {
            return move(context, input);
        } catch (StepFailed failure) {
            context.transact(
                    "note-failure",
                    c -> steps.noteFailure(c, context.operationId(), input, failure));
            throw failure;
        }
    }

    private FailoverOutcome move(Context context, FailoverInput input) {
        context.onUndo(
                "end-account",
                undo ->
                        undo.transact(
                                "note",
                                c -> steps.undone(c, undo.operationId(), input.instanceId())));
        Cast first =
                context.transact(
                        "validate", Cast.class, c -> steps.cast(c, context.operationId(), input));
        Severed severed =
                input.emergency().isPresent()
                        ? seize(context, input, input.emergency().get(), first)
                        : comeAway(context, input, first);
        return promote(context, input, severed);
    }

    /** The primary is well, and comes away in order. */
    private Severed comeAway(Context context, FailoverInput input, Cast cast) {
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
        context.onUndo("resume-old-primary", undo -> resume(undo, cast));
        Moment interrupted =
                context.step(
                        "hold-endpoint",
                        ONCE.attemptTimeout(withDrain(input)),
                        Moment.class,
                        attempt -> steps.hold(attempt, cast, input));
        drain(context, input, cast);
        Fenced fenced =
                context.step(
                        "fence-primary",
                        StepOptions.DEFAULT.attempts(3).attemptTimeout(Duration.ofMinutes(2)),
                        Fenced.class,
                        attempt -> steps.fence(attempt, cast));
        context.step(
                "receive-last-byte",
                LAST_BYTE,
                attempt -> steps.receive(attempt, cast, requireClean(fenced)));
        return new Severed(
                cast,
                interrupted.at(),
                fenced.lsn(),
                "%s confirmed: no process of its data directory was left, its WAL ended at %s with a"
                                .formatted(cast.oldPrimary().id(), fenced.lsn())
                        + " shutdown checkpoint",
                Optional.of(0L),
                true);
    }

    private Severed seize(Context context, FailoverInput input, Emergency why, Cast first) {
        context.transact("open-term", c -> steps.openTerm(c, context.operationId(), first));
        context.onUndo("listen-again", undo -> listenAgain(undo, first.oneTermLater()));
        context.onUndo("resume-old-primary", undo -> resume(undo, first));
        return new Seizing(emergency, input, why).run(context, first);
    }

    private FailoverOutcome promote(Context context, FailoverInput input, Severed severed) {
        Cast cast = severed.cast();
        context.pointOfNoReturn("promotion");
        context.transact(
                "promoting",
                c -> steps.state(c, context.operationId(), FailoverState.PromotingReplica));
        Optional<Promoted> done = promote(context, cast, severed);
        if (done.isEmpty()) {
            return new GivingBack(steps, again)
                    .run(context, cast, next -> listenAgain(context, input, next));
        }
        long interruption = serve(context, severed, done.get());
        others(context, input, cast);
        settle(context, input.instanceId());
        context.transact("complete", c -> steps.complete(c, context.operationId(), input));
        return new FailoverOutcome(
                input.instanceId(),
                context.operationId(),
                cast.target().id(),
                cast.nextTerm(),
                interruption);
    }

    /**
     * The way to it is opened; and if its commits wait for replicas that are there, these come
     * along meanwhile: until one has, nobody is served.
     */
    private long serve(Context context, Severed severed, Promoted promoted) {
        Cast cast = severed.cast();
        List<Branch<Long>> together = new ArrayList<>();
        together.add(new Branch<>("route", scope -> lead(scope, severed, promoted)));
        cast.gates()
                .forEach(
                        gate ->
                                together.add(
                                        new Branch<>(
                                                gate.id(),
                                                scope -> {
                                                    takeAlong(scope, cast, gate);
                                                    return 0L;
                                                })));
        return together.size() == 1
                ? lead(context, severed, promoted)
                : context.parallel("serve", together).getFirst();
    }

    /** How long nobody could write, in ms. */
    private long lead(Context context, Severed severed, Promoted promoted) {
        Moment restored = route(context, severed, promoted);
        long interruption = restored.at().toEpochMilli() - severed.interrupted().toEpochMilli();
        context.transact(
                "settle-term",
                c ->
                        steps.settleTerm(
                                c,
                                context.operationId(),
                                severed.cast(),
                                promoted,
                                severed,
                                interruption));
        return interruption;
    }

    /**
     * A target that does not answer may be primary already: only somebody who knows more can say
     * whether it will come back. Empty: the old primary shall serve again.
     */
    private Optional<Promoted> promote(Context context, Cast cast, Severed severed) {
        for (int round = 1; ; round++) {
            String name = "promote-replica" + (round == 1 ? "" : "-" + round);
            try {
                return Optional.of(
                        context.step(
                                name,
                                FORWARD,
                                Promoted.class,
                                attempt -> steps.promote(attempt, cast)));
            } catch (StepFailed away) {
                leaveAlone(context, name + "-alone", cast);
                TargetLost.Answer answer =
                        context.decision(
                                name + "-failed",
                                TargetLost.question(cast, severed.endOfWal(), away),
                                TargetLost.Answer.class);
                if (answer.isAbandon()) {
                    throw away;
                }
                if (answer.isGiveBack()) {
                    return Optional.empty();
                }
            }
        }
    }

    /** What the target commits may have to be given up: whoever can be reached confirms no more. */
    private void leaveAlone(Context context, String name, Cast cast) {
        try {
            context.step(
                    name,
                    ONCE.attemptTimeout(Duration.ofSeconds(30)),
                    attempt -> emergency.partGates(attempt, cast));
        } catch (StepFailed away) {
            context.transact(name + "-not", _ -> {});
        }
    }

    /**
     * S13: the addresses lead to the new primary. Where their host does not answer, another one
     * serves them; where none can, the watch opens them anew once theirs is back. Nobody waits for
     * that here: clients who know the members are served, and their commits may need the others.
     */
    private Moment route(Context context, Severed severed, Promoted promoted) {
        Cast cast = severed.cast();
        StepOptions patience = severed.endpointAnswered() ? SOON : SOON.attempts(1);
        try {
            return context.step(
                    "route-to-new-primary",
                    patience,
                    Moment.class,
                    attempt -> steps.route(attempt, context.operationId(), cast, promoted));
        } catch (StepFailed away) {
            String how =
                    takeover.toNewPrimary(context, cast.instanceId(), promoted.address())
                            .map(_ -> "routed-elsewhere")
                            .orElse("route-later");
            return new Moment(context.now(how));
        }
    }

    /** First whoever is there soonest. */
    private void others(Context context, FailoverInput input, Cast cast) {
        if (input.emergency().isEmpty()) {
            oldPrimary(context, input, cast);
        }
        context.progress(0.8, "taking the others along");
        cast.others().stream()
                .filter(other -> !cast.isGate(other))
                .forEach(other -> takeAlong(context, cast, other));
        if (input.emergency().isPresent()) {
            oldPrimary(context, input, cast);
        }
    }

    /** In an emergency nobody listens to the old primary, else whoever was to gate the target. */
    private void listenAgain(Context context, FailoverInput input, Cast next) {
        List<Cast.Part> away =
                input.emergency().isPresent() ? next.others() : next.gates().toList();
        List<Branch<Boolean>> together =
                away.stream()
                        .map(
                                one ->
                                        new Branch<>(
                                                one.id(),
                                                scope -> {
                                                    listenAgain(scope, next, one);
                                                    return true;
                                                }))
                        .toList();
        if (!together.isEmpty()) {
            context.parallel("listen", together);
        }
    }

    /** Whoever had stopped listening listens again; who does not is rebuilt by whoever sees it. */
    private void listenAgain(Context undo, Cast cast) {
        cast.replicas().forEach(replica -> listenAgain(undo, cast, replica));
    }

    private void listenAgain(Context undo, Cast cast, Cast.Part replica) {
        try {
            undo.step(
                    "listen-" + replica.id(),
                    LISTEN,
                    attempt -> emergency.listenAgain(attempt, cast, replica));
        } catch (StepFailed away) {
            undo.transact("lost-" + replica.id(), c -> steps.markBroken(c, replica.id(), away));
        }
    }

    /**
     * Where the old primary's host is away, nobody waits for it: the next failover, or its own
     * start once it is back, goes on from there.
     */
    private void resume(Context undo, Cast cast) {
        Cast next = cast.oneTermLater();
        undo.transact("reopen-term", c -> steps.reopenTerm(c, cast));
        if (again.runUnlessAway(undo, "unfence", next)) {
            undo.transact("adopt-term", c -> steps.adoptTerm(c, next));
        } else {
            undo.transact("leave-term", c -> steps.leaveTerm(c, next));
        }
    }

    /** Courtesy: who is left is ended by the stop. */
    private void drain(Context context, FailoverInput input, Cast cast) {
        try {
            context.step(
                    "drain-primary",
                    ONCE.attemptTimeout(withDrain(input)),
                    attempt -> steps.drain(attempt, cast, input));
        } catch (StepFailed undrained) {
            context.transact("go-on-undrained", _ -> {});
        }
    }

    private static Duration withDrain(FailoverInput input) {
        return Duration.ofMillis(input.drainTimeoutMs()).plusMinutes(1);
    }

    /** Who cannot follow just now is broken, and can be rebuilt; the failover goes on. */
    private void takeAlong(Context context, Cast cast, Cast.Part other) {
        try {
            context.step(
                    "follow-" + other.id(), BRIEF, attempt -> steps.follow(attempt, cast, other));
        } catch (StepFailed away) {
            context.transact("leave-" + other.id(), c -> steps.markBroken(c, other.id(), away));
        }
    }

    /** What is left to settle, the watch settles. */
    private void settle(Context context, String instanceId) {
        try {
            steps.settle(context, instanceId);
        } catch (StepFailed later) {
            context.transact("settle-later", _ -> {});
        }
    }

    private void rejoin(Context context, Cast cast) {
        Cast.Part old = cast.oldPrimary();
        try {
            Rejoined rejoined =
                    context.step(
                            "rejoin-old-primary",
                            RETURN,
                            Rejoined.class,
                            attempt -> steps.rejoin(attempt, cast));
            KeptTail.tell(context, cast.instanceId(), old.id(), old.host(), rejoined);
        } catch (StepFailed away) {
            context.transact("leave-old-primary", c -> steps.markBroken(c, old.id(), away));
        }
    }

    private void oldPrimary(Context context, FailoverInput input, Cast cast) {
        context.transact(
                "clean-up-old-primary",
                c -> steps.state(c, context.operationId(), FailoverState.CleaningUpOldPrimary));
        switch (input.oldPrimaryAction()) {
            case ConvertToReplica -> rejoin(context, cast);
            case StopAndRetain ->
                    context.transact("retain-old-primary", c -> steps.retain(c, cast));
            case Terminate -> {
                Cast.Part old = cast.oldPrimary();
                var _ =
                        demolition.member(
                                context, cast.instanceId(), old.id(), old.host(), cast.nextTerm());
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
