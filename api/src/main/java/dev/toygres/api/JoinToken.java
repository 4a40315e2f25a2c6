package dev.toygres.api;

import java.time.Instant;

/** A right, good for one use, to join a host. */
public record JoinToken(String token, Instant expiresAt) {}
