package dev.toygres.server.fakes;

import dev.toygres.model.Refused;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.store.NotificationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Notification targets in memory; nobody is told of anything. */
public final class FakeNotifications implements Notifications {
    private List<TargetView> targets = List.of();
    private long revision = 1;

    @Override
    public synchronized Targets targets() {
        return new Targets(targets, Duration.ofHours(1), revision);
    }

    @Override
    public synchronized Targets replace(
            List<TargetWish> wishes, Optional<Duration> repeatEvery, Optional<Long> wanted) {
        if (wanted.isPresent() && wanted.get() != revision) {
            throw Refused.conflict("changed-meanwhile", "read it again");
        }
        targets =
                wishes.stream()
                        .map(
                                wish ->
                                        new TargetView(
                                                wish.name(),
                                                wish.kind(),
                                                wish.minimumSeverity().orElse("Info"),
                                                wish.url(),
                                                wish.secret().isPresent(),
                                                wish.host(),
                                                wish.port(),
                                                wish.security(),
                                                wish.username(),
                                                wish.from(),
                                                wish.to(),
                                                0,
                                                Optional.empty(),
                                                Optional.empty()))
                        .toList();
        revision++;
        return targets();
    }

    @Override
    public synchronized NotificationStore.Row test(String target) {
        return targets.stream()
                .filter(one -> one.name().equals(target))
                .findFirst()
                .map(one -> row(one.name()))
                .orElseThrow(() -> Refused.notFound("target", target));
    }

    private static NotificationStore.Row row(String target) {
        return new NotificationStore.Row(
                "00000000-0000-0000-0000-000000000001",
                Optional.empty(),
                target,
                NotificationStore.Event.Test,
                Instant.EPOCH,
                Instant.EPOCH,
                1,
                Optional.empty(),
                Optional.of(Instant.EPOCH),
                Optional.of(NotificationStore.Outcome.Delivered));
    }

    @Override
    public List<NotificationStore.Row> deliveries(
            String target, int limit, Optional<String> before) {
        return List.of(test(target));
    }
}
