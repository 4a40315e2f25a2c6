package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.BackupSchedule.Due;
import dev.toygres.model.backup.WalSegment;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.Catalogue;
import dev.toygres.store.MemberRow;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.ScheduleStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the backups that are due, keeps the restorable window true, and says when something of both
 * fails. Every server looks; what is due is moved on by compare-and-set, so one of them fires.
 */
public final class BackupWatch {
    private static final Logger LOG = LoggerFactory.getLogger(BackupWatch.class);

    /** As old as what a look has seen can be. */
    private static final Duration AGE = Duration.ofSeconds(5);

    private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(20);

    /** WAL that waits longer than this, although the archive is asked all the time. */
    private static final Duration ARCHIVE_PATIENCE = Duration.ofMinutes(5);

    /** A backup that is due may take so long before it counts as missing. */
    private static final Duration BACKUP_PATIENCE = Duration.ofHours(6);

    private final Catalogue catalogue;
    private final BackupDesk desk;
    private final Observations seen;
    private final InstantSource clock;
    private final Map<String, Instant> sampled = new ConcurrentHashMap<>();

    public BackupWatch(
            Catalogue catalogue, BackupDesk desk, Observations seen, InstantSource clock) {
        this.catalogue = catalogue;
        this.desk = desk;
        this.seen = seen;
        this.clock = clock;
    }

    /** One look at everything that is backed up. */
    public void look() {
        catalogue.jdbi().withHandle(ScheduleStore::all).forEach(this::fire);
        catalogue.jdbi().withHandle(RepositoryStore::all).stream()
                .filter(RepositoryRow::attached)
                .forEach(this::watch);
    }

    // ---- what is due ----

    private void fire(ScheduleStore.Row row) {
        Instant now = clock.instant();
        if (row.paused() || !(row.schedule().due(row.lookedAt(), now) instanceof Due.Now due)) {
            return;
        }
        try {
            catalogue.jdbi().useTransaction(handle -> fire(handle, row, due, now));
        } catch (Refused notNow) {
            // Busy, or not running: it is made up for as soon as it can be.
            LOG.debug("the backup of {} waits: {}", row.instanceId(), notNow.getMessage());
        }
    }

    private void fire(Handle handle, ScheduleStore.Row row, Due.Now due, Instant now) {
        if (!ScheduleStore.look(handle, row, now)) {
            return;
        }
        String operation =
                desk.beginDue(
                        handle,
                        row.instanceId(),
                        due.kind(),
                        new BackupWish(due.kind().name(), List.of(), false, Optional.empty()));
        ScheduleStore.ran(handle, row.instanceId(), operation);
        LOG.info("{} backup of {}, due since {}", due.kind(), row.instanceId(), due.since());
    }

    // ---- the window, and what is wrong ----

    private void watch(RepositoryRow row) {
        Optional<Topology> found =
                catalogue.jdbi().withHandle(handle -> Topology.find(handle, row.instanceId()));
        Optional<MemberRow> primary =
                found.filter(one -> one.instance().state() == InstanceState.Running)
                        .flatMap(Topology::primary);
        if (primary.isPresent() && isDue(row.id())) {
            sample(row, primary.get());
            alarm(row, primary.get());
        }
    }

    private boolean isDue(String repositoryId) {
        Instant now = clock.instant();
        Instant last = sampled.getOrDefault(repositoryId, Instant.EPOCH);
        if (last.plus(BETWEEN_SAMPLES).isAfter(now)) {
            return false;
        }
        sampled.put(repositoryId, now);
        return true;
    }

    private void sample(RepositoryRow row, MemberRow primary) {
        seen.replication(primary)
                .filter(one -> !one.standby())
                .ifPresent(
                        one ->
                                catalogue
                                        .jdbi()
                                        .useHandle(
                                                handle ->
                                                        RepositoryStore.sample(
                                                                handle,
                                                                row.id(),
                                                                new WalSample(
                                                                        one.timeline(),
                                                                        dev.toygres.model.Lsn.parse(
                                                                                one.position()),
                                                                        clock.instant()
                                                                                .minus(AGE)))));
        archive(primary)
                .flatMap(HostStatus.Archive::lastArchived)
                .flatMap(WalSegment::parse)
                .ifPresent(segment -> grow(row.id(), segment));
    }

    private Optional<HostStatus.Archive> archive(MemberRow primary) {
        return seen.of(primary).flatMap(HostStatus.MemberStatus::archive);
    }

    /** WAL comes in one after the other: what came last says that all before it came. */
    private void grow(String repositoryId, WalSegment newest) {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            RepositoryStore.lock(handle, repositoryId);
                            RepositoryRow row =
                                    RepositoryStore.find(handle, repositoryId).orElseThrow();
                            newest.addedTo(row.wal())
                                    .filter(wal -> !wal.equals(row.wal()))
                                    .ifPresent(
                                            wal ->
                                                    RepositoryStore.grown(
                                                            handle, repositoryId, wal));
                        });
    }

    private void alarm(RepositoryRow row, MemberRow primary) {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            archiving(handle, row, archive(primary));
                            overdue(handle, row);
                        });
    }

    private void archiving(Handle handle, RepositoryRow row, Optional<HostStatus.Archive> archive) {
        Optional<Instant> since = archive.flatMap(HostStatus.Archive::oldestWaitingAt);
        if (since.filter(clock.instant().minus(ARCHIVE_PATIENCE)::isAfter).isEmpty()) {
            Alarms.resolve(handle, AlertKind.ArchiveBehind + "/" + row.instanceId());
            return;
        }
        HostStatus.Archive one = archive.orElseThrow();
        Alarms.raise(
                handle,
                Alert.ofInstance(
                                AlertSeverity.Critical,
                                AlertKind.ArchiveBehind,
                                row.instanceId(),
                                "WAL of %s waits since %s to be archived and fills the primary's disk:"
                                                .formatted(row.instanceId(), since.orElseThrow())
                                        + " is the store there, and are its credentials right?")
                        .with("waitingBytes", one.waitingBytes())
                        .with("failures", one.failures()));
    }

    /** None good since the last that was due, and the time that one takes. */
    private void overdue(Handle handle, RepositoryRow row) {
        Optional<ScheduleStore.Row> schedule = ScheduleStore.find(handle, row.instanceId());
        Instant lastGood =
                BackupCatalogue.in(handle, row.id()).stream()
                        .filter(one -> one.facts().isGood())
                        .map(BackupRow::startedAt)
                        .max(Comparator.naturalOrder())
                        .orElse(Instant.MAX);
        boolean missing =
                !lastGood.equals(Instant.MAX)
                        && schedule.filter(one -> !one.paused())
                                .flatMap(one -> one.schedule().next(lastGood))
                                .filter(due -> due.plus(BACKUP_PATIENCE).isBefore(clock.instant()))
                                .isPresent();
        if (missing) {
            Alarms.raise(
                    handle,
                    Alert.ofInstance(
                            AlertSeverity.Critical,
                            AlertKind.BackupOverdue,
                            row.instanceId(),
                            "the last good backup of %s is of %s: the schedule promises more"
                                    .formatted(row.instanceId(), lastGood)));
        } else {
            Alarms.resolve(handle, AlertKind.BackupOverdue + "/" + row.instanceId());
        }
    }
}
