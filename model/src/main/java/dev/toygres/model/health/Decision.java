package dev.toygres.model.health;

import java.util.Optional;

/** What is to be done about an instance. */
public sealed interface Decision {

    /** Why, in words for whoever reads the account. */
    String why();

    /** Nothing to do, or nothing yet. */
    record Nothing(String why) implements Decision {}

    /** The primary is brought back where it is, by its agent. */
    record Restart(String why) implements Decision {}

    /**
     * A replica takes over.
     *
     * @param candidate the best one as things stand; the freshest is found when they are asked
     * @param confirmStop whether the primary has to be killed by its agent first, which also lets
     *     what it wrote last be taken from its disk; else its fencing is proven already
     * @param lossAllowed whether it may go on without what the primary alone had
     */
    record FailOver(String candidate, String why, boolean confirmStop, boolean lossAllowed)
            implements Decision {}

    /**
     * Somebody has to decide: there is a way, but no proof that it is safe, or nobody within the
     * bound.
     *
     * @param confirmStop whether the primary's agent can be told to kill it first
     * @param proof that it is fenced, where it cannot; empty: there is none
     */
    record Ask(String why, boolean confirmStop, Optional<String> proof) implements Decision {}

    /** Nothing can or may be done; somebody has to know (R3.25). */
    record AlertOnly(String why) implements Decision {}
}
