package dev.toygres.orchestrations.failover;

import dev.toygres.model.FailoverState;
import java.time.Instant;
import java.util.Optional;

/**
 * A failover, while it runs and afterwards (R2.35).
 *
 * @param operationId also its own id
 * @param cause manual or automatic
 * @param reason why it was begun, where nobody asked for it, and why it failed
 * @param proof how it is known that the old primary cannot commit any more, in words
 * @param interruptionMs from the moment that no write was possible until it was again
 */
public record FailoverView(
        String operationId,
        String instanceId,
        FailoverState state,
        String cause,
        Optional<String> reason,
        Instant startedAt,
        Optional<Instant> completedAt,
        String oldPrimaryId,
        String newPrimaryId,
        Optional<Long> replicationLagAtStart,
        Optional<Long> dataLossBytes,
        Optional<Long> interruptionMs,
        Optional<String> proof) {}
