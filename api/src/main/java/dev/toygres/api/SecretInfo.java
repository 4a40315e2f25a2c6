package dev.toygres.api;

import java.time.Instant;

/**
 * A secret, without its value.
 *
 * @param updatedAt since when it has its value
 */
public record SecretInfo(String name, Instant updatedAt) {}
