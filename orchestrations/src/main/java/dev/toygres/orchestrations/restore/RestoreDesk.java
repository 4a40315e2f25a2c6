package dev.toygres.orchestrations.restore;

import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.backup.Archive;
import dev.toygres.model.backup.RestoreChoice;
import dev.toygres.model.backup.RestoreTarget;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.NewInstance;
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
            case "ExistingInstance" ->
                    throw fault(
                            "target.kind",
                            "must be NewInstance: a restore over an instance is not available yet");
            case String _ -> throw fault("target.kind", "must be NewInstance");
        };
    }

    private String toNew(RestoreWish wish) {
        RepositoryRow source = catalogue.jdbi().withHandle(handle -> source(handle, wish));
        NewInstance instance =
                new NewInstance(
                        wish.instanceId(),
                        Optional.of(String.valueOf(source.postgresMajor())),
                        wish.size(),
                        wish.region(),
                        wish.availabilityZone(),
                        Optional.of(source.owner()),
                        Optional.of(source.database()),
                        wish.deletionProtection(),
                        Optional.empty(),
                        List.of());
        return instances.createBy(
                instance,
                handle -> {
                    refuseOutside(handle, source, wish);
                    return lanes.start(
                            handle, RestoreFlows.TO_NEW, wish.instanceId(), input(wish, source));
                });
    }

    private static RestoreInput input(RestoreWish wish, RepositoryRow source) {
        return new RestoreInput(wish.instanceId(), source.id(), wish.backupId(), wish.goal());
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
        return RepositoryStore.of(handle, instanceId).stream()
                .findFirst()
                .orElseThrow(
                        () ->
                                new Refused(
                                        Refused.Kind.NotFound,
                                        "backup-not-found",
                                        "there are no backups of " + instanceId));
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
    public List<RestoreStore.Row> list(String instanceId) {
        return catalogue.jdbi().withHandle(handle -> RestoreStore.list(handle, instanceId));
    }
}
