package dev.toygres.orchestrations.backup;

import java.util.Optional;

/**
 * That a host reaches a store.
 *
 * @param mark what it saw there
 */
record Proof(Optional<String> mark) {
    /** Nobody has looked yet. */
    static final Proof NONE = new Proof(Optional.empty());
}
