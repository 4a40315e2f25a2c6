package dev.toygres.server.health;

import dev.toygres.api.AutoFailoverStatus;
import dev.toygres.api.AutoFailoverStatus.Candidate;
import dev.toygres.api.AutoFailoverStatus.HistoryEntry;
import dev.toygres.api.AutoFailoverStatus.Verdict;
import dev.toygres.api.HealthCheck;
import dev.toygres.api.HealthConfigRequest;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.HealthMonitorConfig;
import dev.toygres.model.health.Situation.Pause;
import dev.toygres.orchestrations.health.Monitors.AutoFailoverView;
import dev.toygres.store.HealthStore.DecisionRow;
import java.util.Optional;

/** Health between the contract and the desk. */
final class HealthJson {
    private HealthJson() {}

    static HealthMonitorConfig config(HealthConfigRequest request) {
        HealthMonitorConfig usual = HealthMonitorConfig.DEFAULT;
        return new HealthMonitorConfig(
                request.checkInterval().orElse(usual.checkInterval()),
                request.failureThreshold().orElse(usual.failureThreshold()),
                request.checkTimeout().orElse(usual.checkTimeout()),
                request.maxEligibleLagBytes().orElse(usual.maxEligibleLagBytes()),
                request.customCheck(),
                request.customCheckCounts().orElse(usual.customCheckCounts()),
                request.cooldown().orElse(usual.cooldown()),
                request.failoversPerHour().orElse(usual.failoversPerHour()),
                request.leaseTtl().orElse(usual.leaseTtl()),
                request.restartTimeout().orElse(usual.restartTimeout()));
    }

    static dev.toygres.api.HealthMonitorConfig shown(HealthMonitorConfig config) {
        return new dev.toygres.api.HealthMonitorConfig(
                config.checkInterval(),
                config.failureThreshold(),
                config.checkTimeout(),
                config.maxEligibleLagBytes(),
                config.customCheck(),
                config.customCheckCounts(),
                config.cooldown(),
                config.failoversPerHour(),
                config.leaseTtl(),
                config.restartTimeout());
    }

    static HealthCheck shown(dev.toygres.orchestrations.health.Monitors.HealthCheck check) {
        return new HealthCheck(
                check.memberId(),
                check.primary() ? "primary" : "replica",
                check.connectivity(),
                check.queryResponsive(),
                check.replicationHealthy(),
                check.diskSpaceOk(),
                check.customCheckOk(),
                check.healthy(),
                check.failuresInARow(),
                check.responseMs(),
                check.checkedAt(),
                check.words());
    }

    static AutoFailoverStatus shown(AutoFailoverView view) {
        return new AutoFailoverStatus(
                view.instanceId(),
                view.enabled(),
                view.pause().map(Pause::until),
                view.pause().map(Pause::reason),
                view.watchedBy(),
                view.primary(),
                verdict(view.now()),
                verdict(view.ifPrimaryDied()),
                view.cooldownUntil(),
                view.failoversLastHour(),
                view.failoversPerHour(),
                view.candidates().stream()
                        .map(
                                one ->
                                        new Candidate(
                                                one.id(),
                                                one.lagBytes(),
                                                one.priority(),
                                                one.fault().isEmpty(),
                                                one.fault()))
                        .toList(),
                view.history().stream().map(HealthJson::entry).toList());
    }

    private static Verdict verdict(Decision decision) {
        return new Verdict(
                decision.getClass().getSimpleName(),
                decision.why(),
                decision instanceof Decision.FailOver go
                        ? Optional.of(go.candidate())
                        : Optional.empty());
    }

    private static HistoryEntry entry(DecisionRow row) {
        return new HistoryEntry(row.at(), row.kind(), row.why(), row.evidence(), row.operationId());
    }
}
