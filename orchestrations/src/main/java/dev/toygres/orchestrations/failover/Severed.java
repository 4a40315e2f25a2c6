package dev.toygres.orchestrations.failover;

import java.time.Instant;
import java.util.Optional;

/**
 * The old primary cannot commit any more, and the new one has what it should.
 *
 * @param interrupted since when no write was possible
 * @param endOfWal of the old one, as far as is known
 * @param proof how that is known, in words (S5)
 * @param lossBytes what the new one lacks of what the old one is known to have written; empty:
 *     nobody can tell
 * @param endpointAnswered whether the host of the addresses obeyed when they were held
 */
record Severed(
        Cast cast,
        Instant interrupted,
        String endOfWal,
        String proof,
        Optional<Long> lossBytes,
        boolean endpointAnswered) {
    Severed with(Cast other) {
        return new Severed(other, interrupted, endOfWal, proof, lossBytes, endpointAnswered);
    }
}
