package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A failover, while it runs and afterwards.
 *
 * @param operationId also its own id
 * @param state WaitingForSync, FencingPrimary, PromotingReplica, UpdatingRouting,
 *     CleaningUpOldPrimary, Completed or Failed
 * @param cause what brought it about
 * @param reason why it was begun, and why it failed, in words
 * @param replicationLagAtStart bytes that the new primary had not received when it began
 * @param dataLossBytes what the old primary had written and the new one never received
 * @param interruptionMs from the moment that no write was possible until it was again, as measured
 * @param proof how it is known that the old primary cannot commit any more, in words
 */
public record FailoverStatus(
        String operationId,
        String instanceId,
        String state,
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
