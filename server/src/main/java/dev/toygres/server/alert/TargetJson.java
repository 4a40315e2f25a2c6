package dev.toygres.server.alert;

import dev.toygres.api.NotificationDelivery;
import dev.toygres.api.NotificationTarget;
import dev.toygres.api.NotificationTargets;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.orchestrations.alert.Notifications.TargetView;
import dev.toygres.orchestrations.alert.Notifications.TargetWish;
import dev.toygres.server.edge.Fields;
import dev.toygres.store.NotificationStore;
import java.util.List;
import java.util.Optional;

/** Notification targets between the contract and the desk. */
final class TargetJson {
    private TargetJson() {}

    static void needed(NotificationTargets body) {
        var fields = new Fields().needed("targets", body.targets());
        fields.done();
        for (int i = 0; i < body.targets().size(); i++) {
            NotificationTarget target = body.targets().get(i);
            fields.needed("targets[" + i + "]", target);
            if (target != null) {
                fields.needed("targets[" + i + "].name", target.name())
                        .needed("targets[" + i + "].kind", target.kind());
            }
        }
        fields.done();
    }

    static TargetWish wish(NotificationTarget target) {
        return new TargetWish(
                target.name(),
                target.kind(),
                target.minimumSeverity(),
                target.url(),
                target.secret().map(Secret::new),
                target.host(),
                target.port(),
                target.security(),
                target.username(),
                target.password().map(Secret::new),
                target.from(),
                target.to().orElse(List.of()));
    }

    static NotificationTargets shown(Notifications.Targets targets) {
        return new NotificationTargets(
                targets.targets().stream().map(TargetJson::shown).toList(),
                Optional.of(targets.repeatEvery()));
    }

    private static NotificationTarget shown(TargetView view) {
        return new NotificationTarget(
                view.name(),
                view.kind(),
                Optional.of(view.minimumSeverity()),
                view.url(),
                Optional.empty(),
                view.kind().equals("Log") ? Optional.empty() : Optional.of(view.hasSecret()),
                view.host(),
                view.port(),
                view.security(),
                view.username(),
                Optional.empty(),
                view.from(),
                view.to().isEmpty() ? Optional.empty() : Optional.of(view.to()),
                Optional.of(view.failures()),
                view.lastError(),
                view.lastDeliveredAt());
    }

    static NotificationDelivery shown(NotificationStore.Row row) {
        return new NotificationDelivery(
                row.id(),
                row.alertId().map(String::valueOf),
                row.target(),
                row.event().name(),
                row.outcome().map(Enum::name).orElse("Pending"),
                row.attempts(),
                row.createdAt(),
                row.lastError(),
                row.endedAt().isPresent() ? Optional.empty() : Optional.of(row.dueAt()),
                row.endedAt());
    }
}
