package dev.toygres.model.parameter;

import dev.toygres.model.Size;
import java.util.Optional;

/**
 * The profile of an instance, with what its formulas start from. Cores and disk are those of the
 * primary's host when it was chosen, so that a failover changes no value.
 *
 * @param fixedSize whose memory counts for ever; empty: each member's own, also after a resize
 */
public record ProfileChoice(
        Profile profile, Optional<Size> fixedSize, int cores, long diskMegabytes) {}
