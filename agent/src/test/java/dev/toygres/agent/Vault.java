package dev.toygres.agent;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.ArchiveReady;
import dev.toygres.agentapi.BackupResult.BackupTaken;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.RestorePoint;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.agentapi.Repository;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A repository, and orders about it to the agent of a workshop. */
final class Vault {
    static final InstanceId APP = new InstanceId("app");

    final Workshop shop;
    final Repository repository;

    Vault(Workshop shop, Repository repository) {
        this.shop = shop;
        this.repository = repository;
    }

    /** In a directory below the workshop's home; encrypted. */
    static Vault local(Workshop shop, String name) {
        return new Vault(shop, repository(new BackupStore.Local(directory(shop) + ""), name));
    }

    static Repository repository(BackupStore store, String name) {
        return new Repository(
                store, name + "/app", Optional.of("correct horse"), Compression.Balanced);
    }

    static Path directory(Workshop shop) {
        try {
            var all = Files.createDirectories(shop.home.resolve("vaults"));
            Files.setPosixFilePermissions(all, PosixFilePermissions.fromString("rwx--x--x"));
            return all.resolve("vault");
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
    }

    JobStatus order(BackupOrder order) {
        return shop.backup(order);
    }

    private <T> T result(BackupOrder order, Class<T> type) {
        return Workshop.result(order(order), type);
    }

    JobStatus prove() {
        return order(new BackupOrder.ProveStore(APP, repository, true, Optional.empty()));
    }

    ArchiveReady archive(String member, long term) {
        return result(
                new BackupOrder.ConfigureArchive(new MemberId(member), term, repository),
                ArchiveReady.class);
    }

    PhysicalBackup take(String member, Depth depth, String name) {
        return result(taking(member, depth, name), BackupTaken.class).backup();
    }

    BackupOrder taking(String member, Depth depth, String name) {
        return new BackupOrder.TakeBackup(
                new MemberId(member),
                1,
                repository,
                depth,
                name,
                Map.of("reason", "test"),
                0,
                Optional.empty());
    }

    RestorePoint point(String member, String name) {
        return result(
                new BackupOrder.CreateRestorePoint(
                        new MemberId(member), 1, name, Duration.ofSeconds(30)),
                RestorePoint.class);
    }

    Content list() {
        return result(new BackupOrder.ListRepository(APP, repository), Content.class);
    }

    Verified verify() {
        return result(new BackupOrder.VerifyRepository(APP, repository), Verified.class);
    }

    Restored restore(String to, String label, RecoveryTarget target) {
        return result(restoring(to, label, target, false), Restored.class);
    }

    BackupOrder restoring(String to, String label, RecoveryTarget target, boolean over) {
        return restoring(to, label, target, over, 1);
    }

    BackupOrder restoring(String to, String label, RecoveryTarget target, boolean over, long term) {
        var like = shop.creation(to, "app");
        return new BackupOrder.RestoreMember(
                like.memberId(),
                like.instanceId(),
                term,
                like.postgresMajor(),
                like.settings(),
                repository,
                label,
                target,
                "latest",
                like.owner(),
                like.ownerVerifier(),
                like.poolerVerifier(),
                like.replicatorVerifier(),
                like.database(),
                like.certificate(),
                over);
    }
}
