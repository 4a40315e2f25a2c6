package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * An API token; its value is shown once, when it is made.
 *
 * @param value only in the answer of POST /tokens
 */
public record Token(
        String id,
        String name,
        String role,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt,
        Optional<String> value) {
    /** Records get into logs; this one without its secret. */
    @Override
    public String toString() {
        return "Token[" + id + ", " + name + ", " + role + "]";
    }
}
