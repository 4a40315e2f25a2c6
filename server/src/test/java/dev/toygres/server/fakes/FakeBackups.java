package dev.toygres.server.fakes;

import dev.toygres.model.Refused;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.Compression;
import dev.toygres.model.backup.RestoreWindow;
import dev.toygres.model.backup.Retention;
import dev.toygres.model.backup.RetentionPolicy;
import dev.toygres.model.backup.Storage;
import dev.toygres.model.backup.Timelines;
import dev.toygres.orchestrations.backup.BackupWish;
import dev.toygres.orchestrations.backup.Backups;
import dev.toygres.orchestrations.backup.ImportWish;
import dev.toygres.orchestrations.backup.ScheduleView;
import dev.toygres.orchestrations.backup.ScheduleWish;
import dev.toygres.store.backup.BackupCatalogue.RestorePoint;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.ScheduleStore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A desk that backs up on paper. */
public final class FakeBackups implements Backups {
    private static final Instant AT = Instant.parse("2026-11-01T10:00:00Z");

    private final FakeOperations operations;
    public final ConcurrentLinkedDeque<ScheduleWish> schedules = new ConcurrentLinkedDeque<>();
    public final ConcurrentLinkedDeque<BackupRow> backups = new ConcurrentLinkedDeque<>();
    private boolean paused;

    public FakeBackups(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public String configure(String instanceId, ScheduleWish wish) {
        schedules.addFirst(wish);
        return operations.begin("ConfigureBackups", instanceId);
    }

    @Override
    public ScheduleView schedule(String instanceId) {
        return new ScheduleView(
                new ScheduleStore.Row(
                        instanceId,
                        "0 2 * * 0",
                        Optional.of("0 2 * * *"),
                        ZoneOffset.UTC,
                        paused,
                        AT,
                        AT,
                        Optional.empty()),
                new RepositoryRow(
                        instanceId + "-1",
                        instanceId,
                        true,
                        new Storage.Local("/backups/" + instanceId),
                        Optional.of("key"),
                        Compression.Balanced,
                        RetentionPolicy.USUAL,
                        ZoneOffset.UTC,
                        15,
                        "1",
                        "app",
                        "app",
                        1,
                        Timelines.NONE,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                paused ? Optional.empty() : Optional.of(AT),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public ScheduleView pause(String instanceId, boolean wished) {
        paused = wished;
        return schedule(instanceId);
    }

    @Override
    public String create(String instanceId, BackupWish wish) {
        String operation = operations.begin("CreateBackup", instanceId);
        backups.addFirst(
                BackupRow.begun(
                        instanceId + "-b" + (backups.size() + 1),
                        instanceId + "-1",
                        instanceId,
                        BackupKind.valueOf(wish.kind()),
                        wish.label(),
                        wish.databases(),
                        wish.schemaOnly(),
                        "manual",
                        operation,
                        AT));
        return operation;
    }

    @Override
    public List<BackupRow> list(String instanceId, int limit, Optional<String> before) {
        return backups.stream()
                .filter(one -> one.instanceId().equals(instanceId))
                .filter(one -> before.isEmpty() || one.id().compareTo(before.get()) < 0)
                .limit(limit)
                .toList();
    }

    @Override
    public BackupRow get(String id) {
        return backups.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refused.notFound("backup", id));
    }

    @Override
    public BackupRow pin(String id, boolean pinned) {
        return get(id);
    }

    @Override
    public String verify(String id) {
        return operations.begin("VerifyBackup", get(id).instanceId());
    }

    @Override
    public String delete(String id) {
        return operations.begin("DeleteBackup", get(id).instanceId());
    }

    @Override
    public Retention.Verdict retention(String instanceId) {
        return new Retention.Verdict(
                Map.of("a", Set.of(Retention.Reason.Latest)), List.of("b"), Optional.of("a"));
    }

    @Override
    public RestoreWindow window(String instanceId) {
        return new RestoreWindow(Optional.of(AT), Optional.of(AT), List.of(), List.of());
    }

    @Override
    public List<RestorePoint> restorePoints(String instanceId) {
        return List.of();
    }

    @Override
    public String addRestorePoint(String instanceId, String name) {
        return operations.begin("CreateRestorePoint", instanceId);
    }

    @Override
    public String importFrom(ImportWish wish) {
        return operations.begin("ImportBackups", wish.instanceId());
    }
}
