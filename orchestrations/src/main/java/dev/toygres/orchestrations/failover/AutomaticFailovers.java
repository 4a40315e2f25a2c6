package dev.toygres.orchestrations.failover;

import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.OldPrimaryAction;
import dev.toygres.model.Refused;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.Decision.Fence;
import dev.toygres.model.health.PrimarySight;
import dev.toygres.model.health.Situation;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Begins the failovers that nobody asked for (R3.20-R3.24). */
public final class AutomaticFailovers {
    private final Catalogue catalogue;
    private final Lanes lanes;

    public AutomaticFailovers(Catalogue catalogue, Lanes lanes) {
        this.catalogue = catalogue;
        this.lanes = lanes;
    }

    /**
     * By compare-and-set: only by the server that watches the instance, and only if the catalogue
     * is still what the decision rested on. Answers the operation; empty: it is not.
     */
    public Optional<String> begin(
            String server, Topology decidedOn, Situation now, Decision.FailOver decision) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> begin(handle, server, decidedOn.instance(), now, decision));
    }

    private Optional<String> begin(
            Handle handle,
            String server,
            InstanceRow decidedOn,
            Situation now,
            Decision.FailOver decision) {
        InstanceRow row = InstanceStore.lock(handle, decidedOn.id());
        if (!isStillSo(row, decidedOn.term(), decidedOn.incumbent().orElse(""))
                || !HealthStore.owns(handle, server, row.id())) {
            return Optional.empty();
        }
        lanes.refuseWhileBusy(row.id());
        InstanceStore.move(handle, row.id(), InstanceEvent.failoverRequested);
        return Optional.of(
                lanes.start(handle, FailoverFlows.AUTOMATIC, row.id(), input(row, now, decision)));
    }

    private static FailoverInput input(InstanceRow row, Situation now, Decision.FailOver decision) {
        return new FailoverInput(
                row.id(),
                decision.candidate(),
                false,
                0,
                0,
                OldPrimaryAction.ConvertToReplica,
                Optional.of(
                        new Emergency(
                                "automatic",
                                decision.why(),
                                decision.confirmStop(),
                                "",
                                decision.lossAllowed(),
                                now.config().maxEligibleLagBytes(),
                                false,
                                since(now))));
    }

    /**
     * Asks somebody, unless the question is open already; answers the operation that asks. Empty:
     * nobody is asked yet, for what it was decided on is no longer so, or a former question is just
     * being withdrawn.
     */
    public Optional<String> ask(
            String server, Situation now, InstanceRow decidedOn, Decision.Ask decision) {
        return catalogue
                .jdbi()
                .inTransaction(handle -> ask(handle, server, now, decidedOn, decision));
    }

    private Optional<String> ask(
            Handle handle,
            String server,
            Situation now,
            InstanceRow decidedOn,
            Decision.Ask decision) {
        InstanceRow row = InstanceStore.lock(handle, decidedOn.id());
        if (!isStillSo(row, decidedOn.term(), decidedOn.incumbent().orElse(""))
                || !HealthStore.owns(handle, server, row.id())) {
            return Optional.empty();
        }
        Optional<String> open = lanes.question(row.id());
        if (open.isPresent()) {
            return open.filter(lanes::isOpen);
        }
        Doubt doubt =
                new Doubt(
                        row.id(),
                        row.incumbent().orElse(""),
                        row.term(),
                        decision.why(),
                        decision.fence(),
                        decision.proof(),
                        since(now),
                        now.able().stream()
                                .filter(one -> one.promotable() && one.priority() > 0)
                                .map(one -> new Choice(one.id(), one.lagBytes(), one.fault()))
                                .toList());
        return Optional.of(lanes.startQuestion(handle, FailoverFlows.ASK, row.id(), doubt));
    }

    /** There is nothing to decide any more; answers whether a question was open. */
    public boolean withdraw(String instanceId) {
        return lanes.withdrawQuestion(instanceId);
    }

    /**
     * Somebody has answered for it (S5); it is written down under whose question that was.
     *
     * @throws Refused when the instance is not any more what was asked about, or is being worked on
     */
    String beginOnWord(Handle handle, String question, Doubt doubt, ForceAnswer answer) {
        InstanceRow row = InstanceStore.lock(handle, doubt.instanceId());
        if (!isStillSo(row, doubt.term(), doubt.oldPrimary())) {
            throw Refused.conflict(
                    "changed-meanwhile",
                    "%s is %s, its primary is %s in term %d: it is not as it was asked about"
                            .formatted(
                                    row.id(),
                                    row.state(),
                                    row.incumbent().orElse("none"),
                                    row.term()));
        }
        lanes.refuseWhileBusy(row.id());
        InstanceStore.move(handle, row.id(), InstanceEvent.failoverRequested);
        String word =
                "somebody decided so (operation %s)%s"
                        .formatted(
                                question,
                                doubt.proven()
                                        ? ""
                                        : " and accepts that there may be two primaries");
        String id =
                lanes.start(handle, FailoverFlows.AUTOMATIC, row.id(), input(doubt, answer, word));
        HealthStore.audit(
                handle, row.id(), "auto-failover", "Forced", word + ": " + answer, Optional.of(id));
        return id;
    }

    private static FailoverInput input(Doubt doubt, ForceAnswer answer, String word) {
        return new FailoverInput(
                doubt.instanceId(),
                answer.choice(doubt.candidates()).orElseThrow().id(),
                false,
                0,
                0,
                OldPrimaryAction.ConvertToReplica,
                Optional.of(
                        new Emergency(
                                "forced",
                                doubt.why(),
                                doubt.fence() == Fence.ByAgent,
                                doubt.fence() == Fence.ByExpiry ? "" : doubt.proof().orElse(word),
                                true,
                                answer.acceptDataLossBytes().orElse(0L),
                                true,
                                doubt.since())));
    }

    private static boolean isStillSo(InstanceRow row, long term, String incumbent) {
        return row.state() == InstanceState.Running
                && row.term() == term
                && row.incumbent().equals(Optional.of(incumbent));
    }

    /** As far as is known: checks fail from their interval on. */
    private static Instant since(Situation now) {
        Duration ago =
                switch (now.primary()) {
                    case PrimarySight.Dead(var since, _) -> since;
                    case PrimarySight.Failing(var checks, _) ->
                            now.config().checkInterval().multipliedBy(checks);
                    case PrimarySight.Unreachable(var since, _) -> since;
                    case PrimarySight.Recovering(var stalled) -> stalled;
                    case PrimarySight.Unfit(var since, _) -> since;
                    case PrimarySight.Well _, PrimarySight.Unchecked _, PrimarySight.Stopped _ ->
                            Duration.ZERO;
                };
        return now.now().minus(ago);
    }
}
