package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive;
import dev.toygres.model.backup.BackupState;
import dev.toygres.model.backup.RestoreWindow;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.ScheduleStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What is wrong with the backups of an instance, raised while it lasts and resolved after. */
final class BackupAlarms {
    /** A store that is asked all the time and takes nothing for so long is no hiccup. */
    private static final Duration STORE_PATIENCE = Duration.ofMinutes(1);

    /** WAL that waits longer than this, although the archive is asked all the time. */
    private static final Duration ARCHIVE_PATIENCE = Duration.ofMinutes(5);

    /** Or that has become so much: the bound is told of, WAL is never thrown away. */
    private static final long MOST_WAITING_BYTES = 1L << 30;

    /** A backup that is due may take so long before it counts as missing. */
    private static final Duration BACKUP_PATIENCE = Duration.ofHours(6);

    /** WAL that is missing while later one is there. */
    private static final Duration HOLE_PATIENCE = Duration.ofMinutes(2);

    private final SecretDesk secrets;
    private final InstantSource clock;
    private final Map<String, Broken> brokenSince = new ConcurrentHashMap<>();

    BackupAlarms(SecretDesk secrets, InstantSource clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * Answers from where on nothing can be restored until there is another backup, if that is so.
     *
     * @param archive of the primary, where it could be asked
     */
    Optional<Lsn> look(Handle handle, RepositoryRow row, Optional<HostStatus.Archive> archive) {
        archive.ifPresent(
                one -> {
                    storeUnreachable(handle, row, one);
                    archiveBehind(handle, row, one);
                });
        keyMissing(handle, row);
        damaged(handle, row);
        overdue(handle, row);
        return gap(handle, row);
    }

    private void storeUnreachable(Handle handle, RepositoryRow row, HostStatus.Archive one) {
        boolean fails =
                one.lastFailedAt()
                        .filter(failed -> one.lastArchivedAt().filter(failed::isBefore).isEmpty())
                        .isPresent();
        boolean lasts = waitsLongerThan(one, STORE_PATIENCE);
        raise(
                handle,
                row,
                AlertKind.StoreUnreachable,
                fails && lasts,
                () ->
                        alert(
                                        row,
                                        AlertKind.StoreUnreachable,
                                        "the store %s takes no WAL of %s: %s"
                                                .formatted(
                                                        row.storage().place(),
                                                        row.instanceId(),
                                                        why(row, one)))
                                .with("failures", one.failures())
                                .with("waitingBytes", one.waitingBytes()));
    }

    private static String why(RepositoryRow row, HostStatus.Archive one) {
        return one.trouble()
                .map(said -> StoreTrouble.words(row.storage(), said).orElse(said))
                .orElse("is it there, is there room, and are its credentials right?");
    }

    private void archiveBehind(Handle handle, RepositoryRow row, HostStatus.Archive one) {
        raise(
                handle,
                row,
                AlertKind.ArchiveBehind,
                waitsLongerThan(one, ARCHIVE_PATIENCE) || one.waitingBytes() > MOST_WAITING_BYTES,
                () ->
                        alert(
                                        row,
                                        AlertKind.ArchiveBehind,
                                        "%d bytes of WAL of %s wait to be archived, since %s, and fill the primary's disk:"
                                                        .formatted(
                                                                one.waitingBytes(),
                                                                row.instanceId(),
                                                                one.oldestWaitingAt()
                                                                        .map(Instant::toString)
                                                                        .orElse("now"))
                                                + " is the store there, and are its credentials right?")
                                .with("waitingBytes", one.waitingBytes())
                                .with("failures", one.failures()));
    }

    private boolean waitsLongerThan(HostStatus.Archive one, Duration patience) {
        return one.oldestWaitingAt().filter(clock.instant().minus(patience)::isAfter).isPresent();
    }

    private void keyMissing(Handle handle, RepositoryRow row) {
        List<String> missing =
                Stream.concat(row.storage().secretRef().stream(), row.encryptionRef().stream())
                        .filter(name -> secrets.missing(handle, name).isPresent())
                        .toList();
        raise(
                handle,
                row,
                AlertKind.KeyMissing,
                !missing.isEmpty(),
                () ->
                        alert(
                                row,
                                AlertKind.KeyMissing,
                                "the backups of %s need the secret %s, which is not there: no backup is taken and nothing can be restored without it"
                                        .formatted(row.instanceId(), missing.getFirst())));
    }

    private Optional<Lsn> gap(Handle handle, RepositoryRow row) {
        Archive archive = BackupCatalogue.archive(handle, row);
        List<RestoreWindow.Gap> gaps = RestoreWindow.of(archive).gaps();
        Optional<Lsn> broken = archive.brokenAt().filter(at -> lasts(row, at));
        if (archive.brokenAt().isEmpty()) {
            brokenSince.remove(row.id());
        }
        raise(
                handle,
                row,
                AlertKind.ArchiveGap,
                broken.isPresent() || !gaps.isEmpty(),
                () ->
                        alert(
                                row,
                                AlertKind.ArchiveGap,
                                "WAL of %s is missing in its store: %s; unless its schedule is paused, a full backup is taken now"
                                        .formatted(
                                                row.instanceId(),
                                                broken.map(BackupAlarms::nothingAfter)
                                                        .orElseGet(
                                                                () -> nothingIn(gaps.getLast())))));
        return broken;
    }

    private static String nothingAfter(Lsn at) {
        return "nothing that was written after position " + at + " can be restored";
    }

    private static String nothingIn(RestoreWindow.Gap gap) {
        return "no time between %s and %s can be restored".formatted(gap.from(), gap.to());
    }

    /** Segments are pushed side by side, so that one may be seen before the one before it. */
    private boolean lasts(RepositoryRow row, Lsn at) {
        Instant now = clock.instant();
        Broken known =
                brokenSince.compute(
                        row.id(),
                        (_, before) ->
                                before != null && before.at().equals(at)
                                        ? before
                                        : new Broken(at, now));
        return known.since().plus(HOLE_PATIENCE).isBefore(now);
    }

    private record Broken(Lsn at, Instant since) {}

    private static void damaged(Handle handle, RepositoryRow row) {
        List<String> damaged =
                BackupCatalogue.in(handle, row.id()).stream()
                        .filter(one -> one.state() == BackupState.Damaged)
                        .map(BackupRow::id)
                        .toList();
        raise(
                handle,
                row,
                AlertKind.BackupDamaged,
                !damaged.isEmpty(),
                () ->
                        alert(
                                row,
                                AlertKind.BackupDamaged,
                                "%s of %s cannot be restored any more: take a full backup now, and look at the store"
                                        .formatted(String.join(", ", damaged), row.instanceId())));
    }

    /** None good since the last that was due, or none at all, and the time that one takes. */
    private void overdue(Handle handle, RepositoryRow row) {
        Optional<Instant> lastGood =
                BackupCatalogue.in(handle, row.id()).stream()
                        .filter(one -> one.facts().isGood())
                        .map(BackupRow::startedAt)
                        .max(Comparator.naturalOrder());
        boolean missing =
                ScheduleStore.find(handle, row.instanceId())
                        .filter(one -> !one.paused())
                        .flatMap(one -> one.schedule().next(promisedFrom(one, lastGood)))
                        .filter(due -> due.plus(BACKUP_PATIENCE).isBefore(clock.instant()))
                        .isPresent();
        raise(
                handle,
                row,
                AlertKind.BackupOverdue,
                missing,
                () ->
                        alert(
                                row,
                                AlertKind.BackupOverdue,
                                "%s: the schedule promises more"
                                        .formatted(
                                                lastGood.map(at -> lastOf(row, at))
                                                        .orElseGet(() -> noneOf(row)))));
    }

    private static Instant promisedFrom(ScheduleStore.Row schedule, Optional<Instant> lastGood) {
        return lastGood.filter(schedule.since()::isBefore).orElse(schedule.since());
    }

    private static String lastOf(RepositoryRow row, Instant at) {
        return "the last good backup of %s is of %s".formatted(row.instanceId(), at);
    }

    private static String noneOf(RepositoryRow row) {
        return "there is no good backup of %s yet".formatted(row.instanceId());
    }

    private static Alert alert(RepositoryRow row, AlertKind kind, String words) {
        return Alert.ofInstance(AlertSeverity.Critical, kind, row.instanceId(), words);
    }

    private static void raise(
            Handle handle,
            RepositoryRow row,
            AlertKind kind,
            boolean wrong,
            Supplier<Alert> alert) {
        if (wrong) {
            Alarms.raise(handle, alert.get());
        } else {
            Alarms.resolve(handle, kind + "/" + row.instanceId());
        }
    }
}
