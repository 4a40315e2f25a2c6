package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Lsn;
import dev.toygres.model.Refused;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupSchedule.Due;
import dev.toygres.model.backup.WalSegment;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.store.Catalogue;
import dev.toygres.store.MemberRow;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.ScheduleStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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

    /** A store that was looked into and did not have a timeline. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(2);

    /** Less than what a hole has to last before it counts. */
    private static final Duration BETWEEN_LOOKS_AT_A_HOLE = Duration.ofMinutes(1);

    /** Between two full backups because of a hole in the archive. */
    private static final Duration BETWEEN_MENDS = Duration.ofHours(1);

    /** Between two looks for what has to go where no backup comes. */
    private static final Duration BETWEEN_EXPIRIES = Duration.ofHours(1);

    private final Catalogue catalogue;
    private final BackupDesk desk;
    private final BackupAlarms alarms;
    private final Observations seen;
    private final InstantSource clock;
    private final Map<String, Instant> sampled = new ConcurrentHashMap<>();
    private final Map<String, Instant> looked = new ConcurrentHashMap<>();
    private final Map<String, Instant> mended = new ConcurrentHashMap<>();
    private final Map<String, Instant> retained = new ConcurrentHashMap<>();

    public BackupWatch(
            Catalogue catalogue,
            BackupDesk desk,
            SecretDesk secrets,
            Observations seen,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.desk = desk;
        alarms = new BackupAlarms(secrets, clock);
        this.seen = seen;
        this.clock = clock;
    }

    /** One look at everything that is backed up. */
    public void look() {
        catalogue.jdbi().withHandle(ScheduleStore::all).forEach(this::fire);
        List<RepositoryRow> all = catalogue.jdbi().withHandle(RepositoryStore::all);
        all.stream().filter(RepositoryRow::attached).forEach(this::watch);
        all.stream()
                .filter(row -> isDue(retained, row.id(), BETWEEN_EXPIRIES))
                .forEach(desk::retain);
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
                desk.beginDue(handle, row.instanceId(), due.kind(), BackupWish.of(due.kind()));
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
        if (primary.isPresent() && isDue(sampled, row.id(), BETWEEN_SAMPLES)) {
            sample(row, primary.get());
            lookAgain(row);
            desk.followSecrets(row);
            mendHistory(row);
            alarm(row, primary.get());
        }
    }

    private boolean isDue(Map<String, Instant> last, String what, Duration between) {
        Instant now = clock.instant();
        if (last.getOrDefault(what, Instant.EPOCH).plus(between).isAfter(now)) {
            return false;
        }
        last.put(what, now);
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
                                                                        Lsn.parse(one.position()),
                                                                        clock.instant()
                                                                                .minus(AGE)))));
        archive(primary)
                .flatMap(HostStatus.Archive::lastArchived)
                .flatMap(WalSegment::parse)
                .ifPresent(segment -> grow(row, segment));
    }

    private Optional<HostStatus.Archive> archive(MemberRow primary) {
        return seen.of(primary).flatMap(HostStatus.MemberStatus::archive);
    }

    private void grow(RepositoryRow row, WalSegment newest) {
        boolean grown =
                catalogue
                        .jdbi()
                        .inTransaction(handle -> ArchivedWal.grow(handle, row.id(), newest));
        if (!grown && isDue(looked, row.id() + "/" + newest.timeline(), BETWEEN_LOOKS)) {
            desk.lookInto(row);
        }
    }

    /**
     * Without the history of its timeline nothing can be restored to a point in time. Agents before
     * us did not put it there when a store was set up after a failover. One after the other: a look
     * is ordered later, and would have the rest of a set-up refused.
     */
    private void mendHistory(RepositoryRow row) {
        String history = row.id() + "/history";
        if (row.timelines().isKnown(row.timeline())) {
            return;
        }
        if (isDue(mended, history, BETWEEN_MENDS)) {
            looked.put(history, clock.instant());
            if (!desk.setUpAnew(row)) {
                mended.remove(history);
            }
        } else if (isDue(looked, history, BETWEEN_LOOKS)) {
            desk.lookInto(row);
        }
    }

    /** What was seen while a segment was on its way, before the one behind it, is no hole. */
    private void lookAgain(RepositoryRow row) {
        boolean broken =
                catalogue
                        .jdbi()
                        .withHandle(handle -> BackupCatalogue.archive(handle, row))
                        .brokenAt()
                        .isPresent();
        if (broken && isDue(looked, row.id() + "/hole", BETWEEN_LOOKS_AT_A_HOLE)) {
            desk.lookInto(row);
        }
    }

    private void alarm(RepositoryRow row, MemberRow primary) {
        catalogue
                .jdbi()
                .inTransaction(handle -> alarms.look(handle, row, archive(primary)))
                .filter(_ -> isTimeToMend(row.id()))
                .ifPresent(at -> mend(row, at));
    }

    /** What fails is tried again later; that it failed has its own alert. */
    private boolean isTimeToMend(String repositoryId) {
        Instant last = mended.getOrDefault(repositoryId, Instant.EPOCH);
        return !last.plus(BETWEEN_MENDS).isAfter(clock.instant());
    }

    /** Every minute until the next backup is one that cannot be restored to. */
    private void mend(RepositoryRow row, Lsn at) {
        try {
            catalogue.jdbi().useTransaction(handle -> mend(handle, row, at));
        } catch (Refused notNow) {
            LOG.debug("the backup of {} waits: {}", row.instanceId(), notNow.getMessage());
        }
    }

    private void mend(Handle handle, RepositoryRow row, Lsn at) {
        if (ScheduleStore.find(handle, row.instanceId()).filter(one -> !one.paused()).isEmpty()) {
            return;
        }
        String operation =
                desk.beginDue(
                        handle, row.instanceId(), BackupKind.Full, BackupWish.of(BackupKind.Full));
        mended.put(row.id(), clock.instant());
        LOG.warn(
                "WAL of {} after {} is missing in its store: full backup {}",
                row.instanceId(),
                at,
                operation);
    }
}
