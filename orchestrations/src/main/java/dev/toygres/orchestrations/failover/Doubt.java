package dev.toygres.orchestrations.failover;

import dev.toygres.model.health.Decision.Fence;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why somebody has to decide about a failover before it begins: there is a way, and no proof that
 * it is safe (S5), or nobody within the bound that was set.
 *
 * @param term the one that the old primary is in
 * @param fence what keeps the old primary from committing; {@code proof} tells of it, where it does
 * @param since when it stopped serving, as far as is known
 */
public record Doubt(
        String instanceId,
        String oldPrimary,
        long term,
        String why,
        Fence fence,
        Optional<String> proof,
        Instant since,
        List<Choice> candidates) {

    public Doubt {
        // A question from before it was told.
        fence = Objects.requireNonNullElse(fence, Fence.Unproven);
    }

    boolean proven() {
        return fence != Fence.Unproven;
    }

    /** As it is shown to whoever decides. */
    Question question(Optional<String> remark) {
        return new Question(
                instanceId,
                oldPrimary,
                why,
                proven(),
                candidates,
                remark,
                List.of("force", "abandon"),
                "force, with acceptDataLossBytes of at least the candidate's bytesAtRisk%s: it takes over. "
                                .formatted(proven() ? "" : " and acceptSplitBrain")
                        + "abandon: nothing is done. Nothing has been touched so far, and the"
                        + " question is withdrawn when the primary is back or another way is"
                        + " found");
    }

    /** What there is to decide. */
    record Question(
            String instanceId,
            String oldPrimary,
            String why,
            boolean fencingProven,
            List<Choice> candidates,
            Optional<String> remark,
            List<String> actions,
            String meaning) {}

    /**
     * How it came out.
     *
     * @param failoverId the operation that was begun; empty: none
     */
    public record Outcome(String instanceId, Optional<String> failoverId, String words) {}
}
