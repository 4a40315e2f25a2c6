package dev.toygres.orchestrations.backup;

import dev.toygres.model.InstanceState;
import dev.toygres.model.Name;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.RestoreWindow;
import dev.toygres.model.backup.Retention;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.OperationIds;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupCatalogue.RestorePoint;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.ScheduleStore;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The desk on the catalogue: a wish and its operation are one transaction. */
public final class BackupDesk implements Backups {
    private static final Logger LOG = LoggerFactory.getLogger(BackupDesk.class);
    private static final int LONGEST_LABEL = 100;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Catalogue catalogue;
    private final Lanes lanes;
    private final SecretDesk secrets;
    private final Expiry expiry;
    private final InstantSource clock;

    public BackupDesk(
            Catalogue catalogue,
            Lanes lanes,
            SecretDesk secrets,
            Expiry expiry,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.secrets = secrets;
        this.expiry = expiry;
        this.clock = clock;
    }

    // ---- the schedule ----

    @Override
    public String configure(String instanceId, ScheduleWish wish) {
        return lanes.afterHousekeeping(
                instanceId,
                () ->
                        catalogue
                                .jdbi()
                                .inTransaction(handle -> configure(handle, instanceId, wish)));
    }

    private String configure(Handle handle, String instanceId, ScheduleWish wish) {
        InstanceRow instance = running(handle, instanceId);
        Wanted wanted =
                ScheduleCheck.checked(instanceId, wish, name -> secrets.missing(handle, name));
        refuseTakenPlace(handle, instance, wanted);
        return lanes.startSetUp(handle, BackupFlows.CONFIGURE, instanceId, wanted);
    }

    private static void refuseTakenPlace(Handle handle, InstanceRow instance, Wanted wanted) {
        String place = wanted.place().place();
        for (RepositoryRow row : RepositoryStore.all(handle)) {
            String other = row.storage().place();
            boolean same = row.instanceId().equals(instance.id()) && row.attached();
            if (other.equals(place) && same) {
                refuseOtherKey(row, wanted);
            } else if (other.startsWith(place) || place.startsWith(other)) {
                boolean ours =
                        other.equals(place)
                                && row.instanceId().equals(instance.id())
                                && isOf(handle, row, instance);
                if (!ours) {
                    throw Refused.conflict(
                            "storage-in-use",
                            "the backups of %s are in %s: choose another place for those of %s"
                                    .formatted(row.instanceId(), other, instance.id()));
                }
                refuseOtherKey(row, wanted);
            }
        }
    }

    /** An earlier repository of this very instance, not of another that had its name. */
    private static boolean isOf(Handle handle, RepositoryRow row, InstanceRow instance) {
        return instance.incumbent()
                .flatMap(id -> dev.toygres.store.MemberStore.find(handle, id))
                .flatMap(member -> member.systemIdentifier())
                .filter(row.systemIdentifier()::equals)
                .isPresent();
    }

    private static void refuseOtherKey(RepositoryRow row, Wanted wanted) {
        if (!row.encryptionRef().equals(wanted.encryptionRef())) {
            throw Refused.conflict(
                    "encryption-is-fixed",
                    "what is in %s is encrypted as it was begun: choose another place for a new key"
                            .formatted(row.storage().place()));
        }
    }

    private static InstanceRow running(Handle handle, String instanceId) {
        InstanceRow instance = InstanceStore.lock(handle, instanceId);
        if (instance.state() != InstanceState.Running) {
            throw Refused.conflict(
                    "wrong-state",
                    "instance %s is %s; this needs it Running"
                            .formatted(instanceId, instance.state()));
        }
        return instance;
    }

    @Override
    public ScheduleView schedule(String instanceId) {
        return catalogue.jdbi().withHandle(handle -> schedule(handle, instanceId));
    }

    private ScheduleView schedule(Handle handle, String instanceId) {
        requireInstance(handle, instanceId);
        ScheduleStore.Row row =
                ScheduleStore.find(handle, instanceId).orElseThrow(() -> none(instanceId));
        RepositoryRow repository =
                RepositoryStore.attached(handle, instanceId).orElseThrow(() -> none(instanceId));
        Optional<BackupRow> last =
                BackupCatalogue.in(handle, repository.id()).stream()
                        .filter(one -> one.kind().isPhysical() && one.facts().isGood())
                        .max(Comparator.comparing(BackupRow::startedAt));
        return new ScheduleView(
                row,
                repository,
                row.paused() ? Optional.empty() : row.schedule().next(row.lookedAt()),
                last.map(BackupRow::id),
                last.flatMap(BackupRow::stoppedAt));
    }

    private static Refused none(String instanceId) {
        return new Refused(
                Refused.Kind.NotFound,
                "backup-schedule-not-found",
                "%s has no backups: set them up first (toygres backup schedule %s --help)"
                        .formatted(instanceId, instanceId));
    }

    private static void requireInstance(Handle handle, String instanceId) {
        if (InstanceStore.find(handle, instanceId).isEmpty()) {
            throw Refused.notFound("instance", instanceId);
        }
    }

    @Override
    public ScheduleView pause(String instanceId, boolean paused) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            schedule(handle, instanceId);
                            ScheduleStore.pause(handle, instanceId, paused, clock.instant());
                            return schedule(handle, instanceId);
                        });
    }

    // ---- backups ----

    @Override
    public String create(String instanceId, BackupWish wish) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            BackupKind kind = checked(wish);
                            running(handle, instanceId);
                            return begin(handle, instanceId, kind, wish, "manual");
                        });
    }

    private static BackupKind checked(BackupWish wish) {
        List<FieldFault> faults = new ArrayList<>();
        Optional<BackupKind> kind =
                Arrays.stream(BackupKind.values())
                        .filter(one -> one.name().equals(wish.kind()))
                        .findFirst();
        if (kind.isEmpty()) {
            faults.add(new FieldFault("backupType.kind", "must be Full, Incremental or Logical"));
        }
        if (kind.filter(BackupKind::isPhysical).isPresent()) {
            faults.addAll(onlyOfLogical(wish));
        }
        if (wish.databases().stream().anyMatch(name -> name.isBlank() || hasControl(name))) {
            faults.add(new FieldFault("backupType.databases", "must be names of databases"));
        }
        wish.label()
                .filter(
                        label ->
                                label.isBlank()
                                        || label.length() > LONGEST_LABEL
                                        || hasControl(label))
                .ifPresent(
                        _ ->
                                faults.add(
                                        new FieldFault(
                                                "label",
                                                "must have 1 to %d printable characters"
                                                        .formatted(LONGEST_LABEL))));
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return kind.orElseThrow();
    }

    /** A physical backup has all databases, and their data. */
    private static List<FieldFault> onlyOfLogical(BackupWish wish) {
        List<FieldFault> faults = new ArrayList<>();
        if (!wish.databases().isEmpty()) {
            faults.add(new FieldFault("backupType.databases", "can be given with Logical only"));
        }
        if (wish.schemaOnly()) {
            faults.add(new FieldFault("backupType.schemaOnly", "can be given with Logical only"));
        }
        return faults;
    }

    private static boolean hasControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** Also for those that are due, and those that follow a restore. */
    public String begin(
            Handle handle, String instanceId, BackupKind kind, BackupWish wish, String cause) {
        RepositoryRow repository =
                RepositoryStore.attached(handle, instanceId).orElseThrow(() -> none(instanceId));
        String id = freeId(handle, instanceId, kind);
        String operation =
                lanes.startBackup(
                        handle, BackupFlows.CREATE, instanceId, new BackupInput(instanceId, id));
        BackupCatalogue.put(
                handle,
                BackupRow.begun(
                        id,
                        repository.id(),
                        instanceId,
                        kind,
                        wish.label(),
                        wish.databases(),
                        wish.schemaOnly(),
                        cause,
                        operation,
                        clock.instant()));
        return operation;
    }

    /** Of a schedule. */
    String beginDue(Handle handle, String instanceId, BackupKind kind, BackupWish wish) {
        running(handle, instanceId);
        return begin(handle, instanceId, kind, wish, "scheduled");
    }

    /**
     * A secret that was written anew, because it had expired perhaps, goes to the hosts by itself:
     * proven first, as every change of a store.
     */
    void followSecrets(RepositoryRow row) {
        try {
            catalogue.jdbi().useTransaction(handle -> followSecrets(handle, row));
        } catch (Refused busy) {
            LOG.debug("the secrets of {} wait: {}", row.instanceId(), busy.getMessage());
        }
    }

    private void followSecrets(Handle handle, RepositoryRow row) {
        Instant given = RepositoryStore.secretsGivenAt(handle, row.id());
        boolean isNew =
                row.storage()
                        .secretRef()
                        .flatMap(name -> secrets.updatedAt(handle, name))
                        .filter(given::isBefore)
                        .isPresent();
        if (isNew) {
            setUpAnew(handle, row);
        }
    }

    /**
     * As it is: whoever sets an archive up puts there what it lacks. Answers whether that has been
     * begun: not while somebody else is at work.
     */
    boolean setUpAnew(RepositoryRow row) {
        try {
            catalogue.jdbi().useTransaction(handle -> setUpAnew(handle, row));
            return true;
        } catch (Refused busy) {
            LOG.debug("the archive of {} waits: {}", row.instanceId(), busy.getMessage());
            return false;
        }
    }

    private void setUpAnew(Handle handle, RepositoryRow row) {
        running(handle, row.instanceId());
        ScheduleStore.find(handle, row.instanceId())
                .ifPresent(
                        schedule ->
                                lanes.startSetUp(
                                        handle,
                                        BackupFlows.CONFIGURE,
                                        row.instanceId(),
                                        Wanted.asItIs(row, schedule)));
    }

    /** Unless somebody does so at this moment. */
    void lookInto(RepositoryRow row) {
        try {
            catalogue
                    .jdbi()
                    .useTransaction(
                            handle ->
                                    lanes.startLook(
                                            handle,
                                            BackupFlows.LOOK,
                                            row.instanceId(),
                                            new LookInput(row.instanceId(), row.id())));
        } catch (Refused atWork) {
            LOG.debug("{} is being looked into", row.id());
        }
    }

    /** Where no backup comes that would see to it. What was taken in has no retention of ours. */
    void retain(RepositoryRow row) {
        try {
            catalogue.jdbi().useTransaction(handle -> retain(handle, row));
        } catch (Refused busy) {
            LOG.debug("the retention of {} waits: {}", row.id(), busy.getMessage());
        }
    }

    /** Whoever is at work on the instance may be about to archive there again. */
    private void retain(Handle handle, RepositoryRow row) {
        lanes.refuseWhileBusy(row.instanceId());
        if (!isBackedUp(handle, row)
                && !isImported(handle, row)
                && !expiry.verdict(handle, row.id()).drop().isEmpty()) {
            lanes.startBackup(
                    handle,
                    BackupFlows.RETAIN,
                    row.instanceId(),
                    new LookInput(row.instanceId(), row.id()));
        }
    }

    private static boolean isBackedUp(Handle handle, RepositoryRow row) {
        return row.attached()
                && ScheduleStore.find(handle, row.instanceId())
                        .filter(one -> !one.paused())
                        .isPresent()
                && InstanceStore.find(handle, row.instanceId())
                        .filter(one -> one.state() == InstanceState.Running)
                        .isPresent();
    }

    private static boolean isImported(Handle handle, RepositoryRow row) {
        return BackupCatalogue.in(handle, row.id()).stream()
                .anyMatch(one -> one.cause().equals("imported"));
    }

    /** Says what it is to a person; also one of two within a second. */
    private String freeId(Handle handle, String instanceId, BackupKind kind) {
        String id =
                "%s-%s-%s"
                        .formatted(
                                instanceId,
                                STAMP.format(clock.instant()),
                                kind.name().substring(0, 4).toLowerCase(java.util.Locale.ROOT));
        return BackupCatalogue.find(handle, id).isEmpty()
                ? id
                : id + OperationIds.next(clock).substring(11);
    }

    @Override
    public List<BackupRow> list(String instanceId, int limit, Optional<String> before) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            List<BackupRow> found =
                                    BackupCatalogue.list(handle, instanceId, limit, before);
                            if (found.isEmpty()
                                    && RepositoryStore.of(handle, instanceId).isEmpty()) {
                                requireInstance(handle, instanceId);
                            }
                            return found;
                        });
    }

    @Override
    public BackupRow get(String id) {
        return catalogue.jdbi().withHandle(handle -> get(handle, id));
    }

    private static BackupRow get(Handle handle, String id) {
        return BackupCatalogue.find(handle, id).orElseThrow(() -> Refused.notFound("backup", id));
    }

    @Override
    public BackupRow pin(String id, boolean pinned) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            get(handle, id);
                            BackupCatalogue.pin(handle, id, pinned);
                            return get(handle, id);
                        });
    }

    @Override
    public String verify(String id) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            BackupRow row = get(handle, id);
                            if (row.engineLabel().isEmpty()) {
                                throw Refused.conflict(
                                        "wrong-state", "%s is %s".formatted(id, row.state()));
                            }
                            return lanes.startBackup(
                                    handle,
                                    BackupFlows.VERIFY,
                                    row.instanceId(),
                                    new BackupInput(row.instanceId(), id));
                        });
    }

    @Override
    public String delete(String id) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            BackupRow row = get(handle, id);
                            Needed.refusal(handle, row)
                                    .ifPresent(
                                            reason -> {
                                                throw Refused.conflict("backup-needed", reason);
                                            });
                            return lanes.startBackup(
                                    handle,
                                    BackupFlows.DELETE,
                                    row.instanceId(),
                                    new BackupInput(row.instanceId(), id));
                        });
    }

    @Override
    public Retention.Verdict retention(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> expiry.verdict(handle, repository(handle, instanceId).id()));
    }

    // ---- what can be restored ----

    /** That of the instance, or the last of one that is gone. */
    private static RepositoryRow repository(Handle handle, String instanceId) {
        return RepositoryStore.current(handle, instanceId)
                .orElseThrow(
                        () -> {
                            requireInstance(handle, instanceId);
                            return none(instanceId);
                        });
    }

    @Override
    public RestoreWindow window(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                RestoreWindow.of(
                                        BackupCatalogue.archive(
                                                handle, repository(handle, instanceId))));
    }

    @Override
    public List<RestorePoint> restorePoints(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                BackupCatalogue.points(handle, repository(handle, instanceId).id())
                                        .stream()
                                        .toList());
    }

    @Override
    public String addRestorePoint(String instanceId, String name) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            running(handle, instanceId);
                            RepositoryRow repository =
                                    RepositoryStore.attached(handle, instanceId)
                                            .orElseThrow(() -> none(instanceId));
                            Name.fault(name)
                                    .ifPresent(
                                            fault -> {
                                                throw Refused.fields(
                                                        List.of(new FieldFault("name", fault)));
                                            });
                            boolean taken =
                                    BackupCatalogue.points(handle, repository.id()).stream()
                                            .anyMatch(point -> point.name().equals(name));
                            if (taken) {
                                throw Refused.conflict(
                                        "name-in-use",
                                        "there is a restore point %s already; choose another name"
                                                .formatted(name));
                            }
                            return lanes.startPoint(
                                    handle,
                                    BackupFlows.POINT,
                                    instanceId,
                                    new PointInput(instanceId, name));
                        });
    }

    @Override
    public String importFrom(ImportWish wish) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            Wanted wanted = importable(handle, wish);
                            return lanes.startBackup(
                                    handle, BackupFlows.IMPORT, wish.instanceId(), wanted);
                        });
    }

    private Wanted importable(Handle handle, ImportWish wish) {
        Name.fault(wish.instanceId())
                .ifPresent(
                        fault -> {
                            throw Refused.fields(List.of(new FieldFault("instanceId", fault)));
                        });
        Optional<String> usual = Optional.empty();
        Wanted wanted =
                ScheduleCheck.checked(
                        wish.instanceId(),
                        new ScheduleWish(
                                "0 2 * * 0",
                                usual,
                                usual,
                                wish.storage(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                wish.encryptionRef(),
                                usual),
                        name -> secrets.missing(handle, name));
        String place = wanted.place().place();
        RepositoryStore.all(handle).stream()
                .filter(row -> !row.id().equals(ConfigureSteps.importedId(wanted)))
                .filter(row -> row.storage().place().equals(place))
                .findFirst()
                .ifPresent(
                        row -> {
                            throw Refused.conflict(
                                    "storage-in-use",
                                    "%s is known already, as that of %s"
                                            .formatted(place, row.instanceId()));
                        });
        return wanted;
    }
}
