package dev.toygres.orchestrations.restore;

import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.backup.Archive;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.RestoreChoice;
import dev.toygres.model.backup.RestoreTarget;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.NewInstance;
import dev.toygres.orchestrations.parameter.FirstParameters.Inherited;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.RestoreStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The desk on the catalogue: a wish and its operation are one transaction. */
public final class RestoreDesk implements Restores {
    private final Catalogue catalogue;
    private final Lanes lanes;
    private final InstanceDesk instances;
    private final InstantSource clock;

    public RestoreDesk(
            Catalogue catalogue, Lanes lanes, InstanceDesk instances, InstantSource clock) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.instances = instances;
        this.clock = clock;
    }

    @Override
    public String restore(RestoreWish wish) {
        return switch (wish.kind()) {
            case "NewInstance" -> toNew(wish);
            case "ExistingInstance" -> inPlace(wish);
            case String _ -> throw fault("target.kind", "must be NewInstance or ExistingInstance");
        };
    }

    private String toNew(RestoreWish wish) {
        RepositoryRow source = catalogue.jdbi().withHandle(handle -> source(handle, wish));
        Optional<BackupRow> dump = catalogue.jdbi().withHandle(handle -> dump(handle, wish));
        NewInstance instance =
                new NewInstance(
                        wish.instanceId(),
                        Optional.of(major(source, wish, dump.isPresent())),
                        wish.size(),
                        wish.region(),
                        wish.availabilityZone(),
                        Optional.of(source.owner()),
                        Optional.of(source.database()),
                        wish.deletionProtection(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty());
        return instances.createBy(
                instance,
                catalogue.jdbi().withHandle(handle -> parameters(handle, source)),
                handle -> {
                    if (dump.isPresent()) {
                        return lanes.start(
                                handle,
                                RestoreFlows.DUMP_TO_NEW,
                                wish.instanceId(),
                                input(wish, source));
                    }
                    refuseOutside(handle, source, wish);
                    return lanes.start(
                            handle, RestoreFlows.TO_NEW, wish.instanceId(), input(wish, source));
                });
    }

    /** Those of the source, which may be gone: its data was made with them (R5.40). */
    private static Inherited parameters(Handle handle, RepositoryRow source) {
        return new Inherited(RepositoryStore.agreed(handle, source), source.instanceId());
    }

    /**
     * The logical backup that is wished for, if it is one.
     *
     * @throws Refused when it is not good, or is to be restored to a point in time
     */
    private static Optional<BackupRow> dump(Handle handle, RestoreWish wish) {
        Optional<BackupRow> dump =
                wish.backupId()
                        .flatMap(id -> BackupCatalogue.find(handle, id))
                        .filter(one -> one.kind() == BackupKind.Logical);
        dump.filter(one -> !one.facts().isGood())
                .ifPresent(
                        one -> {
                            throw Refused.conflict(
                                    "wrong-state",
                                    "%s is %s: only what is Available can be restored"
                                            .formatted(one.id(), one.state()));
                        });
        if (dump.isPresent() && !wish.goal().isBackupItself()) {
            throw fault(
                    "pointInTime",
                    "and the like cannot be given with a logical backup: it is what it is");
        }
        return dump;
    }

    /** A dump fits a newer major; files fit only their own. */
    private static String major(RepositoryRow source, RestoreWish wish, boolean dump) {
        String own = String.valueOf(source.postgresMajor());
        String wished = wish.postgresVersion().orElse(own);
        boolean older =
                wished.matches("\\d{1,4}") && Integer.parseInt(wished) < source.postgresMajor();
        if (older || (!dump && !wished.equals(own))) {
            throw fault(
                    "target.config.postgresVersion",
                    "must be %s%s".formatted(own, dump ? " or newer" : ": these are its files"));
        }
        return wished;
    }

    private static RestoreInput input(RestoreWish wish, RepositoryRow source) {
        return new RestoreInput(
                wish.instanceId(), source.id(), wish.backupId(), wish.goal(), Optional.empty());
    }

    private String inPlace(RestoreWish wish) {
        return lanes.afterHousekeeping(
                wish.instanceId(),
                () -> catalogue.jdbi().inTransaction(handle -> inPlace(handle, wish)));
    }

    /** R4.37: nothing is replaced that nobody has confirmed. */
    private String inPlace(Handle handle, RestoreWish wish) {
        InstanceRow instance = InstanceStore.lock(handle, wish.instanceId());
        if (!wish.confirmDestructive()) {
            throw Refused.conflict(
                    "not-confirmed",
                    "the data of %s would be replaced: set confirmDestructive to true (--yes)"
                            .formatted(instance.id()));
        }
        refuseProtected(instance);
        RepositoryRow source = source(handle, wish);
        refuseStranger(instance, source);
        if (dump(handle, wish).isPresent()) {
            throw fault("target.kind", "must be NewInstance for a logical backup");
        }
        refuseOutside(handle, source, wish);
        lanes.refuseWhileBusy(instance.id());
        InstanceStore.move(handle, instance.id(), InstanceEvent.restoreRequested);
        return lanes.start(handle, RestoreFlows.IN_PLACE, instance.id(), input(wish, source));
    }

    private static void refuseProtected(InstanceRow instance) {
        if (instance.deletionProtection()) {
            throw Refused.conflict(
                    "deletion-protected",
                    instance.id() + " is protected: set deletionProtection to false first");
        }
    }

    /** Its archive goes on: another cluster's data has no place in it. */
    private static void refuseStranger(InstanceRow instance, RepositoryRow source) {
        if (!source.instanceId().equals(instance.id()) || !source.attached()) {
            throw Refused.conflict(
                    "other-instance",
                    "%s can be restored in place only from its own backups; restore to a new instance"
                            .formatted(instance.id()));
        }
    }

    /** Whose backups: of the backup, or of the instance, now or when it was. */
    private static RepositoryRow source(Handle handle, RestoreWish wish) {
        if (wish.backupId().isPresent()) {
            String id = wish.backupId().get();
            BackupRow backup =
                    BackupCatalogue.find(handle, id)
                            .orElseThrow(() -> Refused.notFound("backup", id));
            return RepositoryStore.find(handle, backup.repositoryId()).orElseThrow();
        }
        String instanceId =
                wish.sourceInstanceId()
                        .orElseThrow(
                                () ->
                                        fault(
                                                "backupId",
                                                "is missing, and so is sourceInstanceId: from"
                                                        + " what?"));
        refuseNamesakes(handle, instanceId);
        return RepositoryStore.current(handle, instanceId)
                .orElseThrow(
                        () ->
                                new Refused(
                                        Refused.Kind.NotFound,
                                        "backup-not-found",
                                        "there are no backups of " + instanceId));
    }

    /** Where the name alone does not say whose data is wanted. */
    private static void refuseNamesakes(Handle handle, String instanceId) {
        List<RepositoryRow> all = RepositoryStore.of(handle, instanceId);
        boolean there = InstanceStore.find(handle, instanceId).isPresent();
        boolean own = all.stream().anyMatch(row -> row.former().isEmpty());
        long clusters =
                all.stream()
                        .map(RepositoryRow::systemIdentifier)
                        .filter(one -> !one.isEmpty())
                        .distinct()
                        .count();
        if (!own && !all.isEmpty() && (there || clusters > 1)) {
            throw Refused.conflict(
                    "other-instance",
                    "%s: give the backup that you mean, such as %s"
                            .formatted(
                                    there
                                            ? instanceId + " itself has no backups yet"
                                            : "several instances had the name " + instanceId,
                                    choices(handle, all)));
        }
    }

    private static String choices(Handle handle, List<RepositoryRow> all) {
        return all.stream()
                .flatMap(
                        row ->
                                BackupCatalogue.in(handle, row.id()).stream()
                                        .filter(one -> one.facts().isGood())
                                        .reduce((_, newest) -> newest)
                                        .stream())
                .map(one -> "%s (of %s)".formatted(one.id(), owner(one)))
                .collect(Collectors.joining(", "));
    }

    private static String owner(BackupRow backup) {
        return backup.former()
                .map(former -> former.words(backup.instanceId()))
                .orElse(backup.instanceId());
    }

    /** D12: said at once where it is sure; a source that lives is asked for its last WAL first. */
    private void refuseOutside(Handle handle, RepositoryRow source, RestoreWish wish) {
        RestoreTarget target =
                Goals.target(wish.goal(), BackupCatalogue.points(handle, source.id()));
        if (target instanceof RestoreTarget.BackupItself && wish.backupId().isEmpty()) {
            throw fault(
                    "pointInTime",
                    "is missing, and so are xid, restorePoint, lsn, latest and backupId: up to"
                            + " where?");
        }
        Archive known = BackupCatalogue.archive(handle, source);
        boolean lives =
                source.attached()
                        && InstanceStore.find(handle, source.instanceId())
                                .map(InstanceRow::state)
                                .filter(state -> state == InstanceState.Running)
                                .isPresent();
        Archive archive = lives ? known.asIfArchived(clock.instant()) : known;
        if (RestoreChoice.of(archive, target, wish.backupId())
                instanceof RestoreChoice.Outside(String reason)) {
            String shown =
                    RestoreChoice.of(known, target, wish.backupId())
                                    instanceof RestoreChoice.Outside(String words)
                            ? words
                            : reason;
            throw Refused.conflict("outside-restore-window", shown);
        }
    }

    private static Refused fault(String field, String message) {
        return Refused.fields(List.of(new FieldFault(field, message)));
    }

    @Override
    public String undo(String instanceId) {
        return lanes.afterHousekeeping(
                instanceId,
                () -> catalogue.jdbi().inTransaction(handle -> undo(handle, instanceId)));
    }

    private String undo(Handle handle, String instanceId) {
        InstanceRow instance = InstanceStore.lock(handle, instanceId);
        RestoreStore.Row last =
                RestoreStore.undoable(handle, instanceId)
                        .orElseThrow(
                                () ->
                                        Refused.conflict(
                                                "nothing-to-undo",
                                                "no data from before a restore of %s is kept"
                                                        .formatted(instanceId)));
        refuseProtected(instance);
        refuseMoved(instance, last);
        lanes.refuseWhileBusy(instanceId);
        InstanceStore.move(handle, instanceId, InstanceEvent.restoreRequested);
        return lanes.start(
                handle,
                RestoreFlows.UNDO,
                instanceId,
                new UndoInput(
                        instanceId,
                        last.operationId(),
                        RepositoryStore.attached(handle, instanceId)
                                .map(RepositoryRow::id)
                                .orElse(last.repositoryId())));
    }

    private static void refuseMoved(InstanceRow instance, RestoreStore.Row last) {
        if (!instance.incumbent().equals(last.keptBy())) {
            throw Refused.conflict(
                    "nothing-to-undo",
                    "the data from before is with %s, and the primary is %s: move it back first"
                            .formatted(
                                    last.keptBy().orElseThrow(),
                                    instance.incumbent().orElse("nobody")));
        }
    }

    @Override
    public List<RestoreStore.Row> list(String instanceId) {
        return catalogue.jdbi().withHandle(handle -> RestoreStore.list(handle, instanceId));
    }
}
