package dev.toygres.server.fakes;

import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.alert.AlertView;
import dev.toygres.orchestrations.alert.Alerts;
import dev.toygres.store.AlertStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Alerts in memory. */
public final class FakeAlerts implements Alerts {
    private final List<AlertView> alerts = new ArrayList<>();

    public synchronized void raise(String instanceId, AlertSeverity severity) {
        String id = Integer.toString(alerts.size() + 1);
        alerts.add(
                new AlertView(
                        id,
                        "ReplicaBroken/" + instanceId,
                        Optional.of(instanceId),
                        severity,
                        "ReplicaBroken",
                        "it is broken",
                        Map.of("host", "host-1"),
                        AlertStore.State.open,
                        1,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Override
    public synchronized List<AlertView> list(
            AlertStore.Filter filter, int limit, Optional<String> before) {
        return alerts.reversed().stream()
                .filter(one -> before.isEmpty() || one.id().compareTo(before.get()) < 0)
                .filter(
                        one ->
                                filter.instanceId().isEmpty()
                                        || filter.instanceId().equals(one.instanceId()))
                .filter(
                        one ->
                                filter.severity().isEmpty()
                                        || filter.severity().get() == one.severity())
                .filter(
                        one ->
                                filter.state().isEmpty()
                                        || filter.state().get().name().equals(one.state().name()))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized AlertView acknowledge(String id, String who) {
        for (int i = 0; i < alerts.size(); i++) {
            AlertView one = alerts.get(i);
            if (one.id().equals(id)) {
                alerts.set(
                        i,
                        new AlertView(
                                one.id(),
                                one.key(),
                                one.instanceId(),
                                one.severity(),
                                one.kind(),
                                one.message(),
                                one.evidence(),
                                AlertStore.State.acknowledged,
                                one.count(),
                                one.raisedAt(),
                                one.lastRaisedAt(),
                                one.lastNotifiedAt(),
                                Optional.of(Instant.EPOCH),
                                Optional.of(who),
                                Optional.empty()));
                return alerts.get(i);
            }
        }
        throw Refused.notFound("alert", id);
    }

    @Override
    public synchronized Map<String, Long> countUnresolved() {
        return alerts.isEmpty() ? Map.of() : Map.of("Warning/open", (long) alerts.size());
    }
}
