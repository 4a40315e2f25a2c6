package dev.toygres.model.health;

import dev.toygres.model.Lsn;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the lag of a replica is measured against when the primary does not say any more where it is.
 *
 * <p>Its last known position would stand still for ever: a replica that went on receiving for a
 * moment would be ahead of it, and one server that saw it later than another would judge otherwise.
 * So it is the furthest that anybody has seen: what the primary said last, or what a replica has
 * received of it. What the primary wrote after that and sent to nobody is not known, and nothing
 * here claims to know it: only its own disk can tell (S8).
 */
public final class Reference {
    private Reference() {}

    /** Empty when nobody has seen anything. */
    public static Optional<Lsn> of(Optional<Lsn> lastSaid, Collection<Lsn> received) {
        return Stream.concat(lastSaid.stream(), received.stream()).max(Comparator.naturalOrder());
    }
}
