package dev.toygres.model.health;

import java.time.Duration;

/** What is seen of a primary. */
public sealed interface PrimarySight {

    /** Its last check was good. */
    record Well() implements PrimarySight {}

    /** Nobody has looked yet, or it is on its way: nothing is known against it. */
    record Unchecked(String why) implements PrimarySight {}

    /**
     * It lives, and lets nobody in until its crash recovery is through: that is not death.
     *
     * @param stalled how long nothing of the recovery has moved
     */
    record Recovering(Duration stalled) implements PrimarySight {}

    /** By order. */
    record Stopped() implements PrimarySight {}

    /**
     * Its agent says that no process of it is left.
     *
     * @param since how long
     */
    record Dead(Duration since, String words) implements PrimarySight {}

    /**
     * No process of it is left, and its agent may not start what there is: its data is gone, or is
     * not its own, or it has no lease.
     *
     * @param since how long it has been seen so
     */
    record Unfit(Duration since, String words) implements PrimarySight {}

    /** Its agent answers, and checks fail (R3.17). */
    record Failing(int checksInARow, String words) implements PrimarySight {}

    /**
     * Nobody can be asked about it: its agent does not answer, or does not know it any more. Of the
     * primary itself nothing is known.
     *
     * @param words which of the two, a sentence without its end
     */
    record Unreachable(Duration since, String words) implements PrimarySight {}
}
