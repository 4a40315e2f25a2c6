package dev.toygres.model.health;

import java.time.Duration;
import java.util.List;

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
     * Nobody hears it, and it holds a lease that ends for certain once a failover withholds it: one
     * may begin, and promotes nobody before that end is proven (S2-S6).
     *
     * @param electors who may be promoted then
     */
    record Expiring(List<String> electors, String why) implements FencingOutlook {
        public Expiring {
            electors = List.copyOf(electors);
        }
    }

    /**
     * The same, but a replica that does not answer either may alone have what was acknowledged: one
     * may begin when somebody says so (S7, D7).
     *
     * @param electors who may be promoted then
     */
    record Gated(List<String> electors, String why) implements FencingOutlook {
        public Gated {
            electors = List.copyOf(electors);
        }
    }

    /** It was heard just now, by somebody else than the server: no failover (S6). */
    record Heard(String why) implements FencingOutlook {}

    /**
     * Nothing that will happen by itself proves it: a person has to decide ({@code NeedsDecision}).
     */
    record Never(String why) implements FencingOutlook {}
}
