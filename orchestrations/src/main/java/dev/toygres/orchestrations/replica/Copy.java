package dev.toygres.orchestrations.replica;

import java.util.Optional;

/**
 * How the first copy of a replica is made.
 *
 * @param from the member that it is taken from; absent: the primary
 * @param bytesPerSecond at most; absent: as fast as it goes
 */
public record Copy(Optional<String> from, Optional<Long> bytesPerSecond) {
    public static final Copy USUAL = new Copy(Optional.empty(), Optional.empty());

    /** For pg_basebackup; 0 is unlimited. */
    int kilobytes() {
        return bytesPerSecond.map(rate -> (int) Math.ceilDiv(rate, 1024L)).orElse(0);
    }
}
