package dev.toygres.orchestrations.backup;

import dev.toygres.model.backup.Compression;
import dev.toygres.model.backup.RetentionPolicy;
import dev.toygres.model.backup.Storage;
import dev.toygres.orchestrations.backup.ScheduleWish.StorageWish;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.ScheduleStore;
import java.util.Optional;

/** Checked settings for the backups of an instance: what ConfigureBackups puts in force. */
public record Wanted(
        String instanceId,
        String fullCron,
        Optional<String> incrementalCron,
        String timeZone,
        StorageWish storage,
        RetentionPolicy retention,
        Optional<String> encryptionRef,
        Compression compression) {

    /** What is in force. */
    static Wanted asItIs(RepositoryRow row, ScheduleStore.Row schedule) {
        return new Wanted(
                row.instanceId(),
                schedule.fullCron(),
                schedule.incrementalCron(),
                row.timeZone().getId(),
                shown(row.storage()),
                row.retention(),
                row.encryptionRef(),
                row.compression());
    }

    Storage place() {
        return storageOf(storage);
    }

    private static Storage storageOf(StorageWish wish) {
        return switch (wish.kind()) {
            case "Local" -> new Storage.Local(wish.path().orElseThrow());
            case "S3" ->
                    new Storage.S3(
                            wish.bucket().orElseThrow(),
                            wish.region().orElseThrow(),
                            wish.endpoint(),
                            wish.prefix().orElseThrow(),
                            wish.credentialsRef().orElseThrow(),
                            wish.caCertificate());
            case "AzureBlob" ->
                    new Storage.AzureBlob(
                            wish.container().orElseThrow(),
                            wish.prefix().orElseThrow(),
                            wish.connectionStringRef().orElseThrow(),
                            wish.caCertificate());
            case String other -> throw new IllegalStateException("no storage: " + other);
        };
    }

    /** The same, one field for each word: for journals and for showing. */
    public static StorageWish shown(Storage storage) {
        Optional<String> none = Optional.empty();
        return switch (storage) {
            case Storage.Local(String path) ->
                    new StorageWish(
                            "Local",
                            Optional.of(path),
                            none,
                            none,
                            none,
                            none,
                            none,
                            none,
                            none,
                            none);
            case Storage.S3 s3 ->
                    new StorageWish(
                            "S3",
                            none,
                            Optional.of(s3.bucket()),
                            Optional.of(s3.region()),
                            s3.endpoint(),
                            Optional.of(s3.prefix()),
                            Optional.of(s3.credentialsRef()),
                            none,
                            none,
                            s3.caCertificate());
            case Storage.AzureBlob azure ->
                    new StorageWish(
                            "AzureBlob",
                            none,
                            none,
                            none,
                            none,
                            Optional.of(azure.prefix()),
                            none,
                            Optional.of(azure.container()),
                            Optional.of(azure.connectionStringRef()),
                            azure.caCertificate());
        };
    }
}
