package dev.toygres.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Something that somebody should know of.
 *
 * @param key what it is about: there is at most one unresolved alert with it
 * @param severity Info, Warning or Critical
 * @param kind what it says; more kinds may come
 * @param message what is so, and what to do
 * @param evidence what was seen
 * @param state open, acknowledged or resolved
 * @param count how often it was raised
 * @param lastNotifiedAt when somebody was last told of it
 */
public record Alert(
        String id,
        String key,
        Optional<String> instanceId,
        String severity,
        String kind,
        String message,
        Map<String, Object> evidence,
        String state,
        int count,
        Instant raisedAt,
        Instant lastRaisedAt,
        Instant lastNotifiedAt,
        Optional<Instant> acknowledgedAt,
        Optional<String> acknowledgedBy,
        Optional<Instant> resolvedAt) {}
