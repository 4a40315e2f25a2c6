package dev.toygres.model.health;

import dev.toygres.model.InstanceState;
import dev.toygres.model.Successor;
import dev.toygres.model.Successor.Candidate;
import dev.toygres.model.health.Decision.Fence;
import dev.toygres.model.health.Situation.Pause;
import dev.toygres.model.lease.LeaseTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides what to do about an instance (R3.17-R3.25, R3.40-R3.51, S5, S7): a pure function.
 *
 * <p>What always holds of its answers:
 *
 * <ol>
 *   <li>A failover is decided only on a primary that is dead, that fails its checks, whose recovery
 *       has not moved for the restart timeout, or that cannot be reached; never during planned
 *       work, a pause or a cooldown, and never beyond the budget.
 *   <li>A failover away from a primary that cannot be reached needs proof that it is fenced;
 *       without it somebody is asked. Away from one whose agent answers, the stop is confirmed
 *       first.
 *   <li>A primary on a living host is failed over only when what it wrote can be taken along, or
 *       when it has been away for the restart timeout.
 *   <li>Where no failover may be, a dead primary is restarted: nothing else keeps it from serving.
 *       One that its agent may not start has the restart timeout to be given what it lacks.
 *   <li>There is no silent refusal: what is not well and not mended is an alert.
 * </ol>
 */
public final class AutoFailover {
    private static final Duration HOUR = Duration.ofHours(1);

    private AutoFailover() {}

    public static Decision of(Situation now) {
        if (now.state() != InstanceState.Running) {
            return new Decision.Nothing("the instance is " + now.state());
        }
        if (now.work() instanceof Work.Holds(var operation, var type)) {
            return held(now, "operation %s (%s) is at work on it".formatted(operation, type));
        }
        return switch (now.primary()) {
            case PrimarySight.Well() -> new Decision.Nothing("the primary is well");
            case PrimarySight.Unchecked(var why) -> new Decision.Nothing(why);
            case PrimarySight.Recovering(var stalled) -> recovering(now, stalled);
            case PrimarySight.Unfit unfit -> unfit(now, unfit);
            case PrimarySight.Stopped() -> new Decision.Nothing("the primary was stopped by order");
            case PrimarySight.Dead dead -> dead(now, dead);
            case PrimarySight.Failing failing -> failing(now, failing);
            case PrimarySight.Unreachable away -> unreachable(now, away);
        };
    }

    /** It may be what brings the primary back; one that takes too long is somebody's business. */
    private static Decision held(Situation now, String work) {
        return switch (now.primary()) {
            case PrimarySight.Dead(var since, var words) when isOver(now, since) ->
                    new Decision.AlertOnly(
                            "the primary is dead (%s), and %s".formatted(words, work));
            case PrimarySight.Unreachable(var since, var words) when isOver(now, since) ->
                    new Decision.AlertOnly("%s, and %s".formatted(words, work));
            case PrimarySight.Dead _,
                    PrimarySight.Unreachable _,
                    PrimarySight.Well _,
                    PrimarySight.Unchecked _,
                    PrimarySight.Recovering _,
                    PrimarySight.Unfit _,
                    PrimarySight.Stopped _,
                    PrimarySight.Failing _ ->
                    new Decision.Nothing(work);
        };
    }

    private static Decision dead(Situation now, PrimarySight.Dead dead) {
        Optional<String> bar = bar(now);
        if (bar.isPresent()) {
            return new Decision.Restart("the primary died, and " + bar.get());
        }
        return best(now)
                .<Decision>map(
                        heir ->
                                new Decision.FailOver(
                                        heir.id(),
                                        "the primary is dead (%s)".formatted(dead.words()),
                                        true,
                                        isOver(now, dead.since())))
                .orElseGet(() -> withoutHeir(now, dead));
    }

    /** What does not come back within its time does not come back by being started once more. */
    private static Decision withoutHeir(Situation now, PrimarySight.Dead dead) {
        return isOver(now, dead.since()) && freshest(now).isPresent()
                ? new Decision.Ask(
                        "the primary is dead (%s) and does not come back, and %s"
                                .formatted(dead.words(), nobody(now)),
                        Fence.ByAgent,
                        Optional.empty())
                : new Decision.Restart("the primary died, and " + nobody(now));
    }

    /** One that gets on is not dead, however long it takes; one that does not never ends. */
    private static Decision recovering(Situation now, Duration stalled) {
        return isOver(now, stalled)
                ? hopeless(
                        now,
                        "the recovery of the primary has not moved for %d s"
                                .formatted(stalled.toSeconds()))
                : new Decision.Nothing("the primary recovers from a crash: it is not dead");
    }

    /** A lease comes back with its server, and a disk perhaps; nobody gains by haste. */
    private static Decision unfit(Situation now, PrimarySight.Unfit unfit) {
        return isOver(now, unfit.since())
                ? hopeless(
                        now,
                        "the primary is dead, and its agent may not start it (%s)"
                                .formatted(unfit.words()))
                : new Decision.Nothing(
                        "the primary is not started just now: %s".formatted(unfit.words()));
    }

    private static boolean isOver(Situation now, Duration time) {
        return time.compareTo(now.config().restartTimeout()) >= 0;
    }

    /** It has had its time: what it alone has is taken along if it can be, and not waited for. */
    private static Decision hopeless(Situation now, String what) {
        return bar(now).<Decision>map(bar -> new Decision.AlertOnly(what + ", and " + bar))
                .or(() -> best(now).map(heir -> new Decision.FailOver(heir.id(), what, true, true)))
                .orElseGet(() -> withoutHeir(now, what));
    }

    private static Decision withoutHeir(Situation now, String what) {
        String words = what + ", and " + nobody(now);
        return freshest(now).isPresent()
                ? new Decision.Ask(words, Fence.ByAgent, Optional.empty())
                : new Decision.AlertOnly(words);
    }

    private static Decision failing(Situation now, PrimarySight.Failing failing) {
        int threshold = now.config().failureThreshold();
        if (failing.checksInARow() < threshold) {
            return new Decision.Nothing(
                    "%d of %d checks in a row failed: %s"
                            .formatted(failing.checksInARow(), threshold, failing.words()));
        }
        String what =
                "the primary failed %d checks in a row (%s)"
                        .formatted(failing.checksInARow(), failing.words());
        return bar(now).<Decision>map(bar -> new Decision.AlertOnly(what + ", and " + bar))
                .or(
                        () ->
                                best(now)
                                        .map(
                                                heir ->
                                                        new Decision.FailOver(
                                                                heir.id(), what, true, false)))
                .orElseGet(() -> new Decision.AlertOnly(what + ", and " + nobody(now)));
    }

    private static Decision unreachable(Situation now, PrimarySight.Unreachable away) {
        String what = away.words();
        LeaseTimes lease = new LeaseTimes(now.config().leaseTtl());
        if (away.since().compareTo(lease.silence()) < 0) {
            return new Decision.Nothing(what + "; its lease still runs");
        }
        // A failover is begun early, and waits for the expiry itself; to tell or to ask has time.
        Decision decision = silent(now, what);
        return decision instanceof Decision.FailOver || away.since().compareTo(lease.ttl()) >= 0
                ? decision
                : new Decision.Nothing(what + "; its lease may still run");
    }

    private static Decision silent(Situation now, String what) {
        Optional<String> bar = bar(now);
        if (bar.isPresent()) {
            return new Decision.AlertOnly(what + ", and " + bar.get());
        }
        Optional<Candidate> furthest = freshest(now);
        if (furthest.isEmpty()) {
            return new Decision.AlertOnly(what + ", and " + nobody(now));
        }
        return switch (now.outlook()) {
            case FencingOutlook.Proven(var proof) -> proven(now, what + "; " + proof.words());
            case FencingOutlook.Expiring(var electors, var why) ->
                    expiring(now, what, electors, why);
            case FencingOutlook.Gated(var electors, var why) -> gated(now, what, electors, why);
            case FencingOutlook.Heard(var why) ->
                    new Decision.AlertOnly(
                            "%s, but %s: something is between them and the server"
                                    .formatted(what, why));
            case FencingOutlook.Later(var again, var why) ->
                    new Decision.Nothing(what + "; waiting for proof: " + why);
            case FencingOutlook.Never(var why) ->
                    new Decision.Ask(
                            "%s, and nothing proves that the primary is fenced: %s; %s could take over, %d bytes behind"
                                    .formatted(
                                            what,
                                            why,
                                            furthest.get().id(),
                                            furthest.get().lagBytes().orElse(0L)),
                            Fence.Unproven,
                            Optional.empty());
        };
    }

    private static Decision proven(Situation now, String words) {
        return best(now)
                .<Decision>map(heir -> new Decision.FailOver(heir.id(), words, false, true))
                .orElseGet(
                        () ->
                                new Decision.Ask(
                                        words + "; " + nobody(now),
                                        Fence.Proven,
                                        Optional.of(words)));
    }

    /** Only an elector: see {@link Situation#able}. */
    private static Decision expiring(
            Situation now, String what, List<String> electors, String why) {
        return Successor.choose(now.able(), now.config().maxEligibleLagBytes())
                .<Decision>map(
                        heir ->
                                new Decision.FailOver(
                                        heir.id(), "%s; %s".formatted(what, why), false, true))
                .or(() -> tooFar(now, what + "; " + why))
                .orElseGet(() -> noElector(what, electors));
    }

    /**
     * Whoever is silent may have more; and whoever takes over waits for the expiry all the same.
     */
    private static Decision gated(Situation now, String what, List<String> electors, String why) {
        return Successor.choose(now.able(), Long.MAX_VALUE)
                .<Decision>map(
                        heir ->
                                new Decision.Ask(
                                        "%s, and %s; %s could take over, %d bytes behind"
                                                .formatted(
                                                        what,
                                                        why,
                                                        heir.id(),
                                                        heir.lagBytes().orElse(0L)),
                                        Fence.ByExpiry,
                                        Optional.empty()))
                .orElseGet(() -> noElector(what + ", and " + why, electors));
    }

    private static Decision noElector(String what, List<String> electors) {
        return new Decision.AlertOnly(
                "%s, and none of its electors %s can take over".formatted(what, electors));
    }

    private static Optional<Decision> tooFar(Situation now, String words) {
        return Successor.choose(now.able(), Long.MAX_VALUE)
                .map(
                        _ ->
                                new Decision.Ask(
                                        words + "; " + nobody(now),
                                        Fence.ByExpiry,
                                        Optional.empty()));
    }

    private static Optional<String> bar(Situation now) {
        return bar(now.config(), now.pause(), now.past(), now.now());
    }

    /**
     * What forbids a failover whatever the primary does.
     *
     * @param past when there were automatic ones, newest first
     */
    public static Optional<String> bar(
            HealthMonitorConfig config, Optional<Pause> pause, List<Instant> past, Instant now) {
        return paused(pause, now)
                .or(() -> budget(config, past, now))
                .or(() -> cooldown(config, past, now));
    }

    private static Optional<String> paused(Optional<Pause> wished, Instant now) {
        return wished.filter(pause -> pause.until().isAfter(now))
                .map(
                        pause ->
                                "automatic failover is paused until %s: %s"
                                        .formatted(pause.until(), pause.reason()));
    }

    private static Optional<String> budget(
            HealthMonitorConfig config, List<Instant> past, Instant now) {
        Instant hourAgo = now.minus(HOUR);
        long used = past.stream().filter(at -> at.isAfter(hourAgo)).count();
        return used >= config.failoversPerHour()
                ? Optional.of(
                        "it failed over %d times within the last hour, the most allowed"
                                .formatted(used))
                : Optional.empty();
    }

    /** R3.50: counted from what the catalogue has, so that it outlives every server. */
    private static Optional<String> cooldown(
            HealthMonitorConfig config, List<Instant> past, Instant now) {
        return past.stream()
                .findFirst()
                .map(last -> last.plus(config.cooldown()))
                .filter(end -> end.isAfter(now))
                .map(end -> "it failed over a moment ago: not again before " + end);
    }

    /** R3.40-R3.44. */
    private static Optional<Candidate> best(Situation now) {
        return Successor.choose(now.candidates(), now.config().maxEligibleLagBytes());
    }

    /** The same, however far it is behind. */
    private static Optional<Candidate> freshest(Situation now) {
        return Successor.choose(now.candidates(), Long.MAX_VALUE);
    }

    private static String nobody(Situation now) {
        List<Candidate> all = now.able();
        if (all.isEmpty()) {
            return "there is no replica";
        }
        return "no replica can take over: "
                + all.stream()
                        .map(one -> one.id() + " " + fault(one, now.config()))
                        .collect(Collectors.joining("; "));
    }

    private static String fault(Candidate one, HealthMonitorConfig config) {
        return one.fault()
                .orElseGet(
                        () ->
                                "is %d bytes behind, more than maxEligibleLagBytes (%d)"
                                        .formatted(
                                                one.lagBytes().orElse(0L),
                                                config.maxEligibleLagBytes()));
    }
}
