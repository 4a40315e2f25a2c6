package dev.toygres.model.backup;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When backups are due (R4.28, R4.29).
 *
 * @param incremental absent: full backups only
 */
public record BackupSchedule(Cron full, Optional<Cron> incremental) {

    /** What ought to begin now. */
    public sealed interface Due {
        /** Not yet; the next look is worth it then. */
        record NotBefore(Instant at) implements Due {}

        /**
         * @param kind what to take
         * @param since when the oldest of what is made up for was due
         */
        record Now(BackupKind kind, Instant since) implements Due {}
    }

    /**
     * What is due now, if everything up to {@code looked} has been seen to. However much was missed
     * meanwhile, one run makes up for it; a full one runs alone (D11).
     */
    public Due due(Instant looked, Instant now) {
        Optional<Instant> fullAt = full.next(looked);
        Optional<Instant> incrementalAt = incremental.flatMap(cron -> cron.next(looked));
        Instant first =
                Stream.concat(fullAt.stream(), incrementalAt.stream())
                        .min(Comparator.naturalOrder())
                        .orElse(Instant.MAX);
        if (first.isAfter(now)) {
            return new Due.NotBefore(first);
        }
        boolean isFull = fullAt.filter(at -> !at.isAfter(now)).isPresent();
        return new Due.Now(isFull ? BackupKind.Full : BackupKind.Incremental, first);
    }

    /** The next one of any kind. */
    public Optional<Instant> next(Instant after) {
        return due(after, Instant.MIN) instanceof Due.NotBefore(Instant at)
                        && !at.equals(Instant.MAX)
                ? Optional.of(at)
                : Optional.empty();
    }
}
