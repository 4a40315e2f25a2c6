package dev.toygres.orchestrations.restore;

import dev.toygres.orchestrations.restore.RestoreWish.Goal;
import java.util.Optional;

/**
 * What the flows of a restore are given.
 *
 * @param instanceId that is to have the data
 * @param backupId only this one will do
 * @param sourceLost the source is not asked for what it has not archived, though it may live
 */
public record RestoreInput(
        String instanceId,
        String repositoryId,
        Optional<String> backupId,
        Goal goal,
        Optional<Boolean> sourceLost) {}
