package dev.toygres.api;

import java.time.Instant;

/**
 * POST /instances/{id}/auto-failover:pause.
 *
 * @param until when it ends by itself, within 30 days
 * @param reason for whoever finds it, 1 to 500 characters
 */
public record PauseRequest(Instant until, String reason) {}
