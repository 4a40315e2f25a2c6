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
     * @param proof that it is fenced, where there is one already
     */
    record Ask(String why, Fence fence, Optional<String> proof) implements Decision {}

    /**
     * What will keep the primary from committing, if somebody says that a replica shall take over.
     */
    enum Fence {
        /** Its agent kills it and confirms that. */
        ByAgent,
        /** It is fenced already, which is proven. */
        Proven,
        /** Its lease runs out for certain once it is withheld. */
        ByExpiry,
        /** Nothing. */
        Unproven
    }

    /** Nothing can or may be done; somebody has to know (R3.25). */
    record AlertOnly(String why) implements Decision {}
}
