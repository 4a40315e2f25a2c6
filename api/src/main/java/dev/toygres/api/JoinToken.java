package dev.toygres.api;

import java.time.Instant;

/** A right, good for one use, to join a host. */
public record JoinToken(String token, Instant expiresAt) {
    /** Records get into logs; this one without its secret. */
    @Override
    public String toString() {
        return "JoinToken[***]";
    }
}
