package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * POST /tokens.
 *
 * @param role admin, operator or viewer
 */
public record CreateTokenRequest(String name, String role, Optional<Instant> expiresAt) {}
