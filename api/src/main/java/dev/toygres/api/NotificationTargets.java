package dev.toygres.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everybody who is told of alerts. PUT replaces the whole list.
 *
 * @param repeatEvery how often an alert that lasts is told of again, PT1M to P7D; absent in a
 *     request: as it is. An acknowledged one is told of at most once a day
 */
public record NotificationTargets(
        List<NotificationTarget> targets, Optional<Duration> repeatEvery) {}
