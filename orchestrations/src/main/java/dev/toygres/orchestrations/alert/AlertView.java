package dev.toygres.orchestrations.alert;

import dev.toygres.model.AlertSeverity;
import dev.toygres.store.AlertStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** An alert as it is shown, and as a webhook gets it. */
public record AlertView(
        String id,
        String key,
        Optional<String> instanceId,
        AlertSeverity severity,
        String kind,
        String message,
        Map<String, Object> evidence,
        AlertStore.State state,
        int count,
        Instant raisedAt,
        Instant lastRaisedAt,
        Instant lastNotifiedAt,
        Optional<Instant> acknowledgedAt,
        Optional<String> acknowledgedBy,
        Optional<Instant> resolvedAt) {

    static AlertView of(AlertStore.Row row) {
        return new AlertView(
                Long.toString(row.id()),
                row.key(),
                row.instanceId(),
                row.severity(),
                row.kind(),
                row.message(),
                row.evidence(),
                row.resolvedAt().isPresent()
                        ? AlertStore.State.resolved
                        : row.acknowledgedAt().isPresent()
                                ? AlertStore.State.acknowledged
                                : AlertStore.State.open,
                row.count(),
                row.raisedAt(),
                row.lastRaisedAt(),
                row.lastNotifiedAt(),
                row.acknowledgedAt(),
                row.acknowledgedBy(),
                row.resolvedAt());
    }
}
