package dev.toygres.orchestrations.alert;

import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.alert.Sender.NotDelivered;
import dev.toygres.store.AlertStore;
import dev.toygres.store.Catalogue;
import dev.toygres.store.NotificationStore;
import dev.toygres.store.NotificationStore.Event;
import dev.toygres.store.NotificationStore.Row;
import dev.toygres.store.NotificationStore.Target;
import dev.toygres.store.SecretStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the queues of the notification targets. Every server does so; each row is taken by one of
 * them, and by another when that one dies: everything is told at least once. Each target has a
 * thread of its own, so a dead one holds up nobody but itself (P56).
 */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    /** Longer than any sender takes. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    /** A day of them. */
    private static final int ATTEMPTS = 300;

    /** Failures in a row until somebody else is told. */
    private static final int FAILING = 3;

    /** What somebody has seen is told of again, but seldom. */
    private static final Duration ACKNOWLEDGED = Duration.ofDays(1);

    private static final Duration KEEP_NOTIFICATIONS = Duration.ofDays(14);
    private static final Duration KEEP_ALERTS = Duration.ofDays(90);
    private static final int BATCH = 100;

    private final Catalogue catalogue;
    private final InstantSource clock;
    private final LogSender log = new LogSender();
    private final WebhookSender webhook;
    private final MailSender mail;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    public Notifier(Catalogue catalogue, SecretStore secrets, InstantSource clock) {
        this.catalogue = catalogue;
        this.clock = clock;
        webhook = new WebhookSender(catalogue, new TargetSecrets(secrets));
        mail = new MailSender(catalogue, new TargetSecrets(secrets));
    }

    /** One look for work; returns before it is done. */
    public void look() {
        catalogue
                .jdbi()
                .useTransaction(
                        handle ->
                                AlertStore.takeToRepeat(handle, ACKNOWLEDGED, BATCH)
                                        .forEach(
                                                id ->
                                                        NotificationStore.enqueue(
                                                                handle, id, Event.Repeated)));
        catalogue.jdbi().withHandle(NotificationStore::targetsWithWork).stream()
                .filter(busy::add)
                .forEach(target -> Thread.ofVirtual().name("notify").start(() -> empty(target)));
    }

    /** Forgets what is long past. */
    public void prune() {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            NotificationStore.prune(handle, KEEP_NOTIFICATIONS);
                            AlertStore.prune(handle, KEEP_ALERTS);
                        });
    }

    private void empty(String target) {
        try {
            Optional<Row> next = take(target);
            while (next.isPresent()) {
                deliver(next.get(), ATTEMPTS);
                next = take(target);
            }
        } catch (RuntimeException e) {
            LOG.warn("cannot empty the queue of {} this time: {}", target, e.toString());
        } finally {
            busy.remove(target);
        }
    }

    private Optional<Row> take(String target) {
        return catalogue
                .jdbi()
                .inTransaction(handle -> NotificationStore.take(handle, target, LEASE));
    }

    /** Sends something to try the target with, once. */
    Row test(String target) {
        Row row =
                catalogue
                        .jdbi()
                        .inTransaction(
                                handle -> {
                                    requireKnown(handle, target);
                                    return NotificationStore.test(handle, target, LEASE);
                                });
        deliver(row, 1);
        return catalogue
                .jdbi()
                .withHandle(handle -> NotificationStore.find(handle, row.id()))
                .orElseThrow(() -> Refused.notFound("target", target));
    }

    static void requireKnown(Handle handle, String target) {
        if (NotificationStore.target(handle, target).isEmpty()) {
            throw Refused.notFound("target", target);
        }
    }

    private void deliver(Row row, int attempts) {
        Optional<Target> target =
                catalogue
                        .jdbi()
                        .withHandle(handle -> NotificationStore.target(handle, row.target()));
        if (target.isEmpty()) {
            return;
        }
        try {
            sender(target.get()).send(target.get(), message(row));
            catalogue
                    .jdbi()
                    .useTransaction(
                            handle -> {
                                NotificationStore.delivered(handle, row);
                                Alarms.resolve(handle, failing(row.target()));
                            });
        } catch (NotDelivered failed) {
            failed(row, words(failed), attempts);
        }
    }

    private static String words(NotDelivered failed) {
        return failed.getMessage() == null ? "it failed" : failed.getMessage();
    }

    private Sender sender(Target target) {
        return switch (target.kind()) {
            case "Webhook" -> webhook;
            case "Smtp" -> mail;
            default -> log;
        };
    }

    private Message message(Row row) {
        Optional<AlertView> alert =
                row.alertId()
                        .flatMap(
                                id ->
                                        catalogue
                                                .jdbi()
                                                .withHandle(handle -> AlertStore.find(handle, id)))
                        .map(AlertView::of);
        return new Message(row.id(), row.event(), clock.instant(), alert);
    }

    private void failed(Row row, String words, int attempts) {
        LOG.warn("{} could not be notified, attempt {}: {}", row.target(), row.attempts(), words);
        Optional<Duration> wait =
                row.attempts() < attempts ? Optional.of(wait(row.attempts())) : Optional.empty();
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            int failures = NotificationStore.failed(handle, row, words, wait);
                            if (failures >= FAILING) {
                                Alarms.raise(handle, alert(row.target(), words, failures));
                            }
                        });
    }

    /** 1, 2, 4 ... seconds, up to five minutes. */
    static Duration wait(int attempts) {
        Duration doubled = Duration.ofSeconds(1L << Math.min(attempts - 1, 20));
        return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
    }

    private static Alert alert(String target, String words, int failures) {
        return Alert.of(
                        AlertSeverity.Warning,
                        AlertKind.NotificationFailing,
                        target,
                        "The notification target %s takes nothing (%s). Mend it, or change it with"
                                        .formatted(target, words)
                                + " toygres notification set.")
                .with("failures", failures);
    }

    static String failing(String target) {
        return AlertKind.NotificationFailing + "/" + target;
    }

    @Override
    public void close() {
        webhook.close();
    }
}
