package dev.toygres.orchestrations.alert;

import dev.toygres.model.Secret;
import dev.toygres.store.NotificationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the server asks of notification. */
public interface Notifications {

    /** Who is told, and how often of what lasts. */
    record Targets(List<TargetView> targets, Duration repeatEvery, long revision) {}

    /**
     * A target as it shall be. What its kind has no use for must be absent.
     *
     * @param minimumSeverity default: Info
     * @param url of a Webhook; as it was shown: the one that is kept
     * @param secret signs what a Webhook gets; absent: the one that is kept
     * @param security of Smtp: StartTls (default), Tls or None
     * @param password of Smtp; absent: the one that is kept, for the same host, port and username
     */
    record TargetWish(
            String name,
            String kind,
            Optional<String> minimumSeverity,
            Optional<String> url,
            Optional<Secret> secret,
            Optional<String> host,
            Optional<Integer> port,
            Optional<String> security,
            Optional<String> username,
            Optional<Secret> password,
            Optional<String> from,
            List<String> to) {}

    /**
     * A target as it is shown: without secrets.
     *
     * @param url its path may be a secret: it is not shown
     * @param failures attempts in a row that failed
     */
    record TargetView(
            String name,
            String kind,
            String minimumSeverity,
            Optional<String> url,
            boolean hasSecret,
            Optional<String> host,
            Optional<Integer> port,
            Optional<String> security,
            Optional<String> username,
            Optional<String> from,
            List<String> to,
            int failures,
            Optional<String> lastError,
            Optional<Instant> lastDeliveredAt) {}

    Targets targets();

    /**
     * Replaces the whole list, or nothing of it.
     *
     * @param revision that it must have just now; empty: any
     * @param repeatEvery absent: as it is
     */
    Targets replace(
            List<TargetWish> targets, Optional<Duration> repeatEvery, Optional<Long> revision);

    /** Sends something to try it with, now, once. */
    NotificationStore.Row test(String target);

    /** What was, or is to be, told to the target; newest first. */
    List<NotificationStore.Row> deliveries(String target, int limit, Optional<String> before);
}
