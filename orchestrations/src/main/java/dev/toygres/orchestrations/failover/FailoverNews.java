package dev.toygres.orchestrations.failover;

import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.store.FailoverStore;
import dev.toygres.store.HealthStore;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Tells of a failover before, during and after it (R2.32, R3.53, R3.54). Whoever is told that one
 * begins which nobody asked for is told of its end as urgently; and that is in the audit log as
 * well (R3.56).
 */
final class FailoverNews {
    private static final String ACTION = "auto-failover";

    private FailoverNews() {}

    /** One that nobody asked for is somebody's business at once (R3.53). */
    static void started(
            Handle handle, String operationId, Cast cast, Optional<Emergency> emergency) {
        String cause = emergency.map(why -> why.cause() + ": " + why.reason()).orElse("manual");
        tell(
                handle,
                operationId,
                cast.instanceId(),
                emergency.isPresent() ? AlertSeverity.Critical : AlertSeverity.Info,
                AlertKind.FailoverStarted,
                "The primary of %s is about to move from %s to %s (%s)."
                        .formatted(
                                cast.instanceId(),
                                cast.oldPrimary().id(),
                                cast.target().id(),
                                cause));
    }

    static void promoted(Handle handle, String operationId, Cast cast, long interruptionMs) {
        tell(
                handle,
                operationId,
                cast.instanceId(),
                severity(account(handle, operationId), AlertSeverity.Info),
                AlertKind.FailoverPromoted,
                "The primary of %s is now %s, it was %s; the endpoints lead there. No write was possible for %d ms.%s"
                        .formatted(
                                cast.instanceId(),
                                cast.target().id(),
                                cast.oldPrimary().id(),
                                interruptionMs,
                                inherited(cast)));
    }

    private static String inherited(Cast cast) {
        return cast.sync().heir().equals(cast.oldPrimary().id())
                ? ""
                : " %s is Sync in its place.".formatted(cast.sync().heir());
    }

    static void completed(Handle handle, String operationId, String instanceId) {
        Optional<FailoverStore.Row> account = account(handle, operationId);
        account.ifPresent(one -> audit(handle, one, "Completed", outcome(one)));
        tell(
                handle,
                operationId,
                instanceId,
                severity(account, AlertSeverity.Info),
                AlertKind.FailoverCompleted,
                "The failover of %s is complete: the old primary and the other replicas are dealt with."
                        .formatted(instanceId));
    }

    static void failed(Handle handle, String operationId, String instanceId, String reason) {
        Optional<FailoverStore.Row> account = account(handle, operationId);
        account.ifPresent(one -> audit(handle, one, "Failed", reason));
        failed(handle, operationId, instanceId, severity(account, AlertSeverity.Warning), reason);
    }

    /** It was not possible any more when its turn came: there is no account of it. */
    static void notBegun(Handle handle, String operationId, FailoverInput input, String reason) {
        AlertSeverity severity = AlertSeverity.Warning;
        if (input.emergency().isPresent()) {
            audit(handle, input.instanceId(), operationId, "Failed", reason);
            severity = AlertSeverity.Critical;
        }
        failed(handle, operationId, input.instanceId(), severity, reason);
    }

    private static void failed(
            Handle handle,
            String operationId,
            String instanceId,
            AlertSeverity severity,
            String reason) {
        tell(
                handle,
                operationId,
                instanceId,
                severity,
                AlertKind.FailoverFailed,
                "The failover of %s did not succeed: %s. See toygres operation show %s."
                        .formatted(instanceId, reason, operationId));
    }

    private static Optional<FailoverStore.Row> account(Handle handle, String operationId) {
        return FailoverStore.find(handle, operationId);
    }

    private static AlertSeverity severity(
            Optional<FailoverStore.Row> account, AlertSeverity otherwise) {
        return account.filter(FailoverStore.Row::isEmergency)
                .map(_ -> AlertSeverity.Critical)
                .orElse(otherwise);
    }

    /** What somebody asked for is in the log as theirs. */
    private static void audit(
            Handle handle, FailoverStore.Row account, String outcome, String detail) {
        if (account.isEmergency()) {
            audit(handle, account.instanceId(), account.operationId(), outcome, detail);
        }
    }

    private static void audit(
            Handle handle, String instanceId, String operationId, String outcome, String detail) {
        HealthStore.audit(handle, instanceId, ACTION, outcome, detail, Optional.of(operationId));
    }

    private static String outcome(FailoverStore.Row account) {
        return "the primary is %s, it was %s; no write was possible for %s ms; %s bytes were lost"
                .formatted(
                        account.newPrimary(),
                        account.oldPrimary(),
                        account.interruptionMs()
                                .map(String::valueOf)
                                .orElse("an unknown number of"),
                        account.dataLossBytes()
                                .map(String::valueOf)
                                .orElse("an unknown number of"));
    }

    private static void tell(
            Handle handle,
            String operationId,
            String instanceId,
            AlertSeverity severity,
            AlertKind kind,
            String message) {
        Alarms.tell(
                handle,
                Alert.ofInstance(severity, kind, instanceId, message)
                        .part(operationId)
                        .with("operationId", operationId));
    }
}
