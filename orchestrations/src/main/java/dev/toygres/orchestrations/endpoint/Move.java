package dev.toygres.orchestrations.endpoint;

import java.util.Optional;

/**
 * What was chosen, journalled before anybody is told.
 *
 * @param to empty: nobody can serve them
 * @param words why nobody can
 */
record Move(String instanceId, long term, String from, Optional<String> to, String words) {

    boolean isElsewhere() {
        return to.filter(host -> !host.equals(from)).isPresent();
    }

    /** They stay where they are. */
    Move home() {
        return new Move(instanceId, term, from, Optional.of(from), "");
    }

    String target() {
        return to.orElseThrow();
    }
}
