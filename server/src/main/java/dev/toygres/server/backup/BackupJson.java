package dev.toygres.server.backup;

import dev.toygres.api.Backup;
import dev.toygres.api.BackupConfig;
import dev.toygres.api.BackupSchedule;
import dev.toygres.api.BackupScheduleConfig;
import dev.toygres.api.BackupStorage;
import dev.toygres.api.BackupType;
import dev.toygres.api.CreateBackupRequest;
import dev.toygres.api.EncryptionConfig;
import dev.toygres.api.FormerInstance;
import dev.toygres.api.ImportBackupsRequest;
import dev.toygres.api.KeptBackup;
import dev.toygres.api.RestoreGap;
import dev.toygres.api.RestorePoint;
import dev.toygres.api.RestoreWindow;
import dev.toygres.api.RetentionPlan;
import dev.toygres.api.RetentionPolicy;
import dev.toygres.model.Lsn;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.Retention;
import dev.toygres.orchestrations.backup.BackupWish;
import dev.toygres.orchestrations.backup.ImportWish;
import dev.toygres.orchestrations.backup.ScheduleView;
import dev.toygres.orchestrations.backup.ScheduleWish;
import dev.toygres.orchestrations.backup.ScheduleWish.StorageWish;
import dev.toygres.orchestrations.backup.Wanted;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import java.util.List;
import java.util.Optional;

/** Backups between the contract and the desk. */
final class BackupJson {
    private BackupJson() {}

    // ---- in ----

    static ScheduleWish wish(BackupScheduleConfig body) {
        BackupConfig config = body.config();
        return new ScheduleWish(
                body.fullBackupCron(),
                body.incrementalBackupCron(),
                body.timeZone(),
                storage(config.storage()),
                config.retention().flatMap(RetentionPolicy::dailyRetentionDays),
                config.retention().flatMap(RetentionPolicy::weeklyRetentionWeeks),
                config.retention().flatMap(RetentionPolicy::monthlyRetentionMonths),
                config.encryption().map(EncryptionConfig::keyRef),
                config.compression());
    }

    static StorageWish storage(BackupStorage storage) {
        return new StorageWish(
                storage.kind(),
                storage.path(),
                storage.bucket(),
                storage.region(),
                storage.endpoint(),
                storage.prefix(),
                storage.credentialsRef(),
                storage.container(),
                storage.connectionStringRef(),
                storage.caCertificate());
    }

    static BackupWish wish(CreateBackupRequest body) {
        return new BackupWish(
                body.backupType().kind(),
                body.backupType().databases().orElse(List.of()),
                body.backupType().schemaOnly().orElse(false),
                body.label());
    }

    static ImportWish wish(ImportBackupsRequest body) {
        return new ImportWish(
                body.instanceId(),
                storage(body.storage()),
                body.encryption().map(EncryptionConfig::keyRef));
    }

    // ---- out ----

    static BackupSchedule shown(ScheduleView view) {
        return new BackupSchedule(
                view.schedule().instanceId(),
                view.schedule().fullCron(),
                view.schedule().incrementalCron(),
                view.schedule().timeZone().getId(),
                config(view.repository()),
                view.schedule().paused(),
                view.next(),
                view.lastGood(),
                view.lastGoodAt(),
                view.schedule().lastOperation());
    }

    private static BackupConfig config(RepositoryRow row) {
        return new BackupConfig(
                storage(Wanted.shown(row.storage())),
                Optional.of(
                        new RetentionPolicy(
                                Optional.of(row.retention().dailyRetentionDays()),
                                Optional.of(row.retention().weeklyRetentionWeeks()),
                                Optional.of(row.retention().monthlyRetentionMonths()))),
                row.encryptionRef().map(EncryptionConfig::new),
                Optional.of(row.compression().name()));
    }

    private static BackupStorage storage(StorageWish storage) {
        return new BackupStorage(
                storage.kind(),
                storage.path(),
                storage.bucket(),
                storage.region(),
                storage.endpoint(),
                storage.prefix(),
                storage.credentialsRef(),
                storage.container(),
                storage.connectionStringRef(),
                storage.caCertificate());
    }

    static Backup shown(BackupRow row) {
        return new Backup(
                row.id(),
                row.instanceId(),
                type(row),
                row.state().name(),
                row.label(),
                row.cause(),
                row.basedOn(),
                row.sourceMember(),
                row.startedAt(),
                row.stoppedAt(),
                row.timeline(),
                row.startLsn().map(Lsn::toString),
                row.stopLsn().map(Lsn::toString),
                row.sizeBytes(),
                row.storedBytes(),
                row.pinned(),
                row.verifiedAt(),
                row.trouble(),
                row.operationId(),
                row.former().map(former -> new FormerInstance(former.deletedAt())));
    }

    private static BackupType type(BackupRow row) {
        boolean dump = row.kind() == BackupKind.Logical;
        return new BackupType(
                row.kind().name(),
                dump ? Optional.of(row.databases()) : Optional.empty(),
                dump ? Optional.of(row.schemaOnly()) : Optional.empty());
    }

    static RetentionPlan shown(Retention.Verdict verdict) {
        return new RetentionPlan(
                verdict.keep().entrySet().stream()
                        .map(
                                kept ->
                                        new KeptBackup(
                                                kept.getKey(),
                                                kept.getValue().stream().map(Enum::name).toList()))
                        .toList(),
                verdict.drop());
    }

    static RestoreWindow shown(dev.toygres.model.backup.RestoreWindow window) {
        return new RestoreWindow(
                window.earliest(),
                window.latest(),
                window.gaps().stream().map(gap -> new RestoreGap(gap.from(), gap.to())).toList(),
                window.alone());
    }

    static RestorePoint shown(BackupCatalogue.RestorePoint point) {
        return new RestorePoint(
                point.name(), point.madeAt(), point.position().toString(), point.timeline());
    }
}
