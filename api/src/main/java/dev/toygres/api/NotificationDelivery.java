package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that a target was told, or is to be.
 *
 * @param id the webhook-id: the same at each attempt
 * @param event Raised, Repeated, Resolved, Happened or Test
 * @param state Pending, Delivered, GaveUp, or Superseded by something newer about the same alert
 * @param lastError why the last attempt failed
 * @param nextAttemptAt absent when it is over
 */
public record NotificationDelivery(
        String id,
        Optional<String> alertId,
        String target,
        String event,
        String state,
        int attempts,
        Instant createdAt,
        Optional<String> lastError,
        Optional<Instant> nextAttemptAt,
        Optional<Instant> endedAt) {}
