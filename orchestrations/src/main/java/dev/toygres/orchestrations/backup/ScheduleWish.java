package dev.toygres.orchestrations.backup;

import java.util.Optional;

/**
 * A wish for backups, as it came in: nothing of it is checked yet.
 *
 * @param encryptionRef the name of a secret; absent: not encrypted
 */
public record ScheduleWish(
        String fullCron,
        Optional<String> incrementalCron,
        Optional<String> timeZone,
        StorageWish storage,
        Optional<Integer> dailyDays,
        Optional<Integer> weeklyWeeks,
        Optional<Integer> monthlyMonths,
        Optional<String> encryptionRef,
        Optional<String> compression) {

    /** A storage of any kind: which fields it needs follows from the kind. */
    public record StorageWish(
            String kind,
            Optional<String> path,
            Optional<String> bucket,
            Optional<String> region,
            Optional<String> endpoint,
            Optional<String> prefix,
            Optional<String> credentialsRef,
            Optional<String> container,
            Optional<String> connectionStringRef,
            Optional<String> caCertificate) {}
}
