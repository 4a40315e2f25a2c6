package dev.toygres.orchestrations.failover;

import dev.toygres.model.health.FencingOutlook;
import dev.toygres.model.health.Suspect;

/**
 * Answers whether a possible primary whose agent cannot be asked is known to be fenced (S5). Asked
 * again and again by the flow of a failover, and by the watch for what it shows; the answer must
 * hold for good once it is {@link FencingOutlook.Proven}. Never guesses, never blocks on a host
 * that does not answer.
 */
@FunctionalInterface
public interface FencingEvidence {
    FencingOutlook of(Suspect suspect);

    /** Where there are no leases only a confirmed stop is proof, and that needs the agent. */
    FencingEvidence NONE =
            suspect ->
                    new FencingOutlook.Never(
                            "the agent of host %s does not answer, and %s has no lease that could run out"
                                    .formatted(suspect.hostId(), suspect.memberId()));
}
