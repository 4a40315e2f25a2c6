package dev.toygres.orchestrations.failover;

import java.time.Instant;

/**
 * Why the primary is not asked to come away in order: it is dead, hangs, or cannot be reached
 * (R3.21-R3.24).
 *
 * @param cause who asked, such as {@code automatic}
 * @param reason what was seen, in words
 * @param confirmStop whether its agent kills it first and confirms that; else {@code proof} says
 *     why it is fenced already
 * @param proof in words; empty while its lease has yet to run out
 * @param lossAllowed whether it may go on without what the primary alone had
 * @param mostLossBytes how much of what anybody has seen may then be lacking
 * @param onWord whether somebody has said so; else what waited for a sync replica is never given up
 *     (D7)
 * @param since when it stopped serving, as far as is known
 */
public record Emergency(
        String cause,
        String reason,
        boolean confirmStop,
        String proof,
        boolean lossAllowed,
        long mostLossBytes,
        boolean onWord,
        Instant since) {

    /** Whether somebody answers for it that the old primary is fenced (S5). */
    boolean byWord() {
        return onWord && !confirmStop && !proof.isEmpty();
    }
}
