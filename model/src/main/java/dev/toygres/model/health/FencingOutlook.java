package dev.toygres.model.health;

import java.time.Duration;

/** Whether there is proof that a possible primary is fenced, or when there will be (S5). */
public sealed interface FencingOutlook {

    /** It is fenced. */
    record Proven(FencingProof proof) implements FencingOutlook {}

    /**
     * Not yet: ask again after {@code again}. More may be needed by then, so this is no promise.
     *
     * @param why what is waited for, in words
     */
    record Later(Duration again, String why) implements FencingOutlook {}

    /**
     * Nothing that will happen by itself proves it: a person has to decide ({@code NeedsDecision}).
     */
    record Never(String why) implements FencingOutlook {}
}
