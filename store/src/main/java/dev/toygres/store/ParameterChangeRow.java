package dev.toygres.store;

import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ParameterSet;
import java.time.Instant;
import java.util.Optional;

/**
 * A change of parameters as the catalogue has it.
 *
 * @param id that of the operation
 * @param cause create, restore, set, profile, revert or drift
 * @param before the agreed set that it began with; empty until it begins
 * @param after what it becomes, or was to become
 */
public record ParameterChangeRow(
        String id,
        String instanceId,
        ChangeState state,
        ApplyMode mode,
        Optional<Instant> applyAt,
        String cause,
        String who,
        Optional<String> reason,
        ParameterRequest request,
        Optional<ParameterSet> before,
        Optional<ParameterSet> after,
        Instant createdAt,
        Optional<Instant> completedAt,
        Optional<Long> interruptionMs,
        Optional<String> failure) {

    /** The same wish, as another change that waits for its time. */
    public ParameterChangeRow again(String otherId, Instant at, Instant now) {
        return new ParameterChangeRow(
                otherId,
                instanceId,
                ChangeState.Scheduled,
                mode,
                Optional.of(at),
                cause,
                who,
                reason,
                request,
                Optional.empty(),
                Optional.empty(),
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
