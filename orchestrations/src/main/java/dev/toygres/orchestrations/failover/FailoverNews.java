package dev.toygres.orchestrations.failover;

import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.orchestrations.alert.Alarms;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Tells of a failover before, during and after it (R2.32, R3.53, R3.54). */
final class FailoverNews {
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
                AlertSeverity.Info,
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
        tell(
                handle,
                operationId,
                instanceId,
                AlertSeverity.Info,
                AlertKind.FailoverCompleted,
                "The failover of %s is complete: the old primary and the other replicas are dealt with."
                        .formatted(instanceId));
    }

    static void failed(Handle handle, String operationId, String instanceId, String reason) {
        tell(
                handle,
                operationId,
                instanceId,
                AlertSeverity.Warning,
                AlertKind.FailoverFailed,
                "The failover of %s did not succeed: %s. See toygres operation show %s."
                        .formatted(instanceId, reason, operationId));
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
