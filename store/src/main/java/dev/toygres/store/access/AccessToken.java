package dev.toygres.store.access;

import java.time.Instant;
import java.util.Optional;

/** An API token without its value, which is kept nowhere. */
public record AccessToken(
        String id,
        String name,
        Role role,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> lastUsedAt) {

    /** Whether its time is over. */
    public boolean expiredAt(Instant now) {
        return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }
}
