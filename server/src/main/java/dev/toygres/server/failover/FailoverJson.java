package dev.toygres.server.failover;

import dev.toygres.agentapi.MemberSessions;
import dev.toygres.api.FailoverOptions;
import dev.toygres.api.FailoverRequest;
import dev.toygres.api.FailoverStatus;
import dev.toygres.api.OpenTransaction;
import dev.toygres.orchestrations.failover.FailoverPlan;
import dev.toygres.orchestrations.failover.FailoverView;
import dev.toygres.orchestrations.failover.FailoverWish;
import dev.toygres.orchestrations.failover.WouldBeCut;
import dev.toygres.server.edge.Fields;
import java.time.Duration;
import java.util.Optional;

/** Failovers between the contract and the desk. */
final class FailoverJson {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final FailoverOptions USUAL =
            new FailoverOptions(
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private FailoverJson() {}

    static FailoverWish wish(FailoverRequest request) {
        FailoverOptions options = request.options().orElse(USUAL);
        var fields = new Fields();
        bounded(fields, "options.syncTimeout", options.syncTimeout());
        bounded(fields, "options.drainTimeout", options.drainTimeout());
        fields.done();
        return new FailoverWish(
                request.targetReplicaId(),
                options.waitForSync(),
                options.syncTimeout(),
                options.oldPrimaryAction(),
                options.drainTimeout());
    }

    private static void bounded(Fields fields, String name, Optional<Duration> time) {
        boolean good =
                time.isEmpty() || (!time.get().isNegative() && time.get().compareTo(LONGEST) <= 0);
        fields.check(name, good, "must be from PT0S to PT24H");
    }

    static dev.toygres.api.FailoverPlan shown(FailoverPlan plan) {
        return new dev.toygres.api.FailoverPlan(
                plan.instanceId(),
                plan.possible(),
                plan.oldPrimary(),
                plan.target(),
                plan.reasons(),
                plan.bytesAtRisk(),
                plan.expectedInterruptionMs(),
                plan.cut().map(WouldBeCut::sessions),
                plan.cut().map(WouldBeCut::idleInTransaction),
                plan.cut().map(WouldBeCut::longTransactions),
                plan.cut().stream()
                        .flatMap(cut -> cut.transactions().stream())
                        .map(FailoverJson::shown)
                        .toList(),
                plan.steps());
    }

    private static OpenTransaction shown(MemberSessions.OpenTransaction open) {
        return new OpenTransaction(
                open.user(), open.application(), open.database(), open.state(), open.ageMs());
    }

    static FailoverStatus shown(FailoverView view) {
        return new FailoverStatus(
                view.operationId(),
                view.instanceId(),
                view.state().name(),
                view.cause(),
                view.reason(),
                view.startedAt(),
                view.completedAt(),
                view.oldPrimaryId(),
                view.newPrimaryId(),
                view.replicationLagAtStart(),
                view.dataLossBytes(),
                view.interruptionMs(),
                view.proof());
    }
}
