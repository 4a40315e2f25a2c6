package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Context;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The primary is dead, hangs, or cannot be reached: what a living one would have to do is left out.
 * It is fenced for certain, the replicas say what they have, the freshest is elected, and what only
 * the primary's disk has is taken along.
 *
 * <p>What holds when it returns: the one who takes over has all that was acknowledged by a sync
 * replica, or somebody has said that it may be lacking (D7). Where commits waited for nobody, it
 * has what the disk had, or lacks at most what the bound allows.
 */
record Seizing(EmergencySteps steps, FailoverInput input, Emergency why) {
    private static final StepOptions ONCE = StepOptions.DEFAULT.attempts(1);

    /**
     * While clients wait: soon again, and for as long as a lost host may take to be proven lost.
     */
    private static final StepOptions FIRM =
            StepOptions.DEFAULT
                    .attempts(60)
                    .backoff(Duration.ofMillis(50), Duration.ofMillis(500))
                    .attemptTimeout(Duration.ofSeconds(20));

    /** In which what the disk has is tried to be had, by whoever is the freshest then. */
    private static final int ROUNDS = 3;

    private static final StepOptions SALVAGE =
            StepOptions.DEFAULT.attempts(3).backoff(Duration.ofMillis(50), Duration.ofMillis(200));

    /**
     * What became of the WAL on the primary's disk.
     *
     * @param words why it did not come
     */
    private record Tail(Optional<Salvaged> found, String words) {}

    Severed run(Context context, Cast first) {
        Cast cast = first;
        Optional<String> remark = Optional.empty();
        for (int round = 1; ; round++) {
            String suffix = round == 1 ? "" : "-" + round;
            Cast asked = cast;
            Seized seized =
                    context.step(
                            "seize" + suffix,
                            FIRM,
                            Seized.class,
                            attempt -> steps.seize(attempt, asked, why));
            Elected elected =
                    context.transact(
                            "elect" + suffix,
                            Elected.class,
                            c -> steps.elect(c, context.operationId(), input, asked, seized));
            Tail tail = salvage(context, suffix, elected, seized);
            if (tail.found().isPresent() || elected.complete()) {
                String fenced = fenced(context, suffix, seized, elected.cast());
                return setAside(context, seized, tail, whole(fenced, seized, elected, tail));
            }
            cast = elected.cast();
            if (seized.diskReadable() && round < ROUNDS) {
                // Whoever was to take it may have died since it was elected: another one is there.
                continue;
            }
            requireEverything(context, seized, tail);
            AtRisk risk =
                    context.step(
                            "weigh" + suffix,
                            StepOptions.DEFAULT,
                            AtRisk.class,
                            _ -> steps.weigh(elected.cast(), seized, tail.words()));
            if (isAllowed(elected, risk)) {
                Cast sure = elected.cast();
                String fenced = fenced(context, suffix, seized, sure);
                return setAside(context, seized, tail, lacking(fenced, seized, sure, risk));
            }
            if (seized.proof().isEmpty()) {
                context.step(
                        "stay-prepared" + suffix,
                        StepOptions.DEFAULT,
                        attempt -> steps.stayPrepared(attempt, elected.cast(), seized));
            }
            ForceAnswer answer =
                    context.decision("data-at-risk" + suffix, risk.with(remark), ForceAnswer.class);
            if (answer.isAbandon()) {
                fail(context, "abandon", "it was decided not to fail over: " + tail.words());
            }
            remark = answer.isRetry() ? Optional.empty() : answer.lacks(risk.candidates(), true);
            if (!answer.isRetry() && remark.isEmpty()) {
                String chosen = answer.choice(risk.candidates()).orElseThrow().id();
                cast =
                        context.transact(
                                "choose" + suffix,
                                Cast.class,
                                c ->
                                        steps.choose(
                                                c,
                                                context.operationId(),
                                                input,
                                                elected.cast(),
                                                chosen));
                String fenced = fenced(context, suffix, seized, cast);
                return setAside(context, seized, tail, lacking(fenced, seized, cast, risk));
            }
        }
    }

    /**
     * S7: whoever has replayed more than the one who takes over can replay, be it never to be
     * promoted or not chosen, would confirm commits up to there without having them. It follows
     * once it is rewound.
     */
    private Severed setAside(Context context, Seized seized, Tail tail, Severed severed) {
        Cast cast = severed.cast();
        String end =
                tail.found()
                        .map(Salvaged::end)
                        .orElseGet(() -> seized.of(cast.target().id()).orElseThrow().received());
        List<Cast.Part> beyond =
                cast.others().stream().filter(one -> seized.isBeyond(one.id(), end)).toList();
        beyond.forEach(
                one -> context.transact("set-aside-" + one.id(), c -> steps.setAside(c, one, end)));
        return severed.with(cast.without(beyond));
    }

    /** S5: the last thing before the promotion; what is proven then stays so. */
    private String fenced(Context context, String suffix, Seized seized, Cast cast) {
        return seized.proof().isEmpty()
                ? context.step(
                        "await-expiry" + suffix,
                        FIRM.attempts(3)
                                .attemptTimeout(EmergencySteps.EXPIRY.plus(Duration.ofSeconds(10))),
                        String.class,
                        _ -> steps.expired(cast))
                : seized.proof();
    }

    /** Nothing is found where it was not possible. */
    private Tail salvage(Context context, String suffix, Elected elected, Seized seized) {
        if (!seized.diskReadable()) {
            return new Tail(Optional.empty(), "its disk cannot be read");
        }
        try {
            return new Tail(
                    Optional.of(
                            context.step(
                                    "salvage" + suffix,
                                    SALVAGE,
                                    Salvaged.class,
                                    attempt -> steps.salvage(attempt, elected.cast(), seized))),
                    "");
        } catch (StepFailed unreadable) {
            context.transact("go-on-without-salvage" + suffix, _ -> {});
            return new Tail(Optional.empty(), String.valueOf(unreadable.getMessage()));
        }
    }

    /**
     * It is rather started again, if anybody can: where its agent fell silent meanwhile, its host
     * is as dead as one that was never reached, and counts as that.
     */
    private void requireEverything(Context context, Seized seized, Tail tail) {
        if (!why.lossAllowed() && !seized.proof().isEmpty()) {
            fail(
                    context,
                    "require-everything",
                    "what the primary wrote last may be on its disk only, and that did not come: "
                            + tail.words()
                            + "; it is rather started again");
        }
    }

    private static void fail(Context context, String step, String words) {
        context.step(
                step,
                ONCE,
                _ -> {
                    throw new PermanentFailure(words);
                });
    }

    /** D7: what a sync replica acknowledged is given up by nobody but whoever answers for it. */
    private boolean isAllowed(Elected elected, AtRisk risk) {
        long lacking =
                risk.of(elected.cast().target().id())
                        .flatMap(Choice::bytesAtRisk)
                        .orElse(Long.MAX_VALUE);
        return (why.onWord() || !elected.gated()) && lacking <= why.mostLossBytes();
    }

    private Severed whole(String fenced, Seized seized, Elected elected, Tail tail) {
        String proof =
                fenced
                        + tail.found()
                                .map(
                                        found ->
                                                "; its WAL ended at %s, %d bytes of it came from its disk"
                                                        .formatted(found.end(), found.bytes()))
                                .orElse("; every sync replica has said what it has");
        return new Severed(
                elected.cast(),
                why.since(),
                tail.found().map(Salvaged::end).orElse("not known"),
                proof,
                Optional.of(0L),
                seized.held());
    }

    /** What it alone had, and nobody saw, nobody can count. */
    private Severed lacking(String fenced, Seized seized, Cast cast, AtRisk risk) {
        String words =
                "; what it alone had is not known; %s lacks %d bytes of what was seen of it"
                        .formatted(
                                cast.target().id(),
                                risk.of(cast.target().id())
                                        .flatMap(Choice::bytesAtRisk)
                                        .orElse(0L));
        return new Severed(
                cast, why.since(), "not known", fenced + words, Optional.empty(), seized.held());
    }
}
