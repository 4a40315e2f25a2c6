package dev.toygres.orchestrations.restore;

import java.time.Instant;
import java.util.Optional;

/**
 * A wish for a restore, as it came in: nothing of it is checked yet.
 *
 * @param kind NewInstance or ExistingInstance
 * @param instanceId that is to have the data
 */
public record RestoreWish(
        Optional<String> backupId,
        Optional<String> sourceInstanceId,
        String kind,
        String instanceId,
        boolean confirmDestructive,
        Optional<String> postgresVersion,
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        boolean deletionProtection,
        Goal goal) {

    /** Up to where: at most one of these. */
    public record Goal(
            Optional<Instant> pointInTime,
            Optional<Long> xid,
            Optional<String> restorePoint,
            Optional<String> lsn,
            boolean latest,
            boolean inclusive) {

        /** Nothing is said: the backup as it is. */
        boolean isBackupItself() {
            return pointInTime.isEmpty()
                    && xid.isEmpty()
                    && restorePoint.isEmpty()
                    && lsn.isEmpty()
                    && !latest;
        }

        /** All that is archived. */
        public static Goal ofLatest() {
            return new Goal(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    true);
        }
    }
}
