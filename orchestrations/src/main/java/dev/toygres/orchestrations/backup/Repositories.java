package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.Repository;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.backup.Storage;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.orchestrations.secret.SecretMissing;
import dev.toygres.store.backup.RepositoryRow;
import java.util.Optional;

/** Repositories as agents are told of them: with what opens them, for one order at a time. */
public final class Repositories {
    private final SecretDesk secrets;

    public Repositories(SecretDesk secrets) {
        this.secrets = secrets;
    }

    /**
     * @throws PermanentFailure when a secret is missing, or is none of its kind (D14)
     */
    public Repository of(RepositoryRow row) {
        try {
            return new Repository(
                    store(row.storage()),
                    within(row),
                    row.encryptionRef().map(ref -> secrets.get(ref).reveal().strip()),
                    row.compression());
        } catch (SecretMissing missing) {
            throw new PermanentFailure(String.valueOf(missing.getMessage()));
        }
    }

    /** A local directory belongs to one instance as a whole. */
    private static String within(RepositoryRow row) {
        return switch (row.storage()) {
            case Storage.Local _ -> row.instanceId();
            case Storage.S3 s3 -> s3.prefix();
            case Storage.AzureBlob azure -> azure.prefix();
        };
    }

    private BackupStore store(Storage storage) {
        return switch (storage) {
            case Storage.Local(String path) -> new BackupStore.Local(path);
            case Storage.S3 s3 -> s3(s3);
            case Storage.AzureBlob azure ->
                    new BackupStore.AzureBlob(
                            azure.container(),
                            secrets.get(azure.connectionStringRef()).reveal().strip(),
                            azure.caCertificate());
        };
    }

    private BackupStore s3(Storage.S3 s3) {
        String[] parts = secrets.get(s3.credentialsRef()).reveal().strip().split(":", 3);
        if (parts.length < 2) {
            throw new PermanentFailure(
                    "the secret %s must be key id and key with a colon between them"
                            .formatted(s3.credentialsRef()));
        }
        return new BackupStore.S3(
                s3.bucket(),
                s3.region(),
                s3.endpoint(),
                s3.endpoint().isPresent(),
                parts[0],
                parts[1],
                parts.length == 3 ? Optional.of(parts[2]) : Optional.empty(),
                s3.caCertificate());
    }
}
