package dev.toygres.cli;

import dev.toygres.api.BackupStorage;
import dev.toygres.api.EncryptionConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where backups are. */
final class StorageOptions {
    @Option(
            names = "--path",
            paramLabel = "DIRECTORY",
            description = "A directory that every host sees under the same path.")
    private @Nullable String path;

    @Option(
            names = "--bucket",
            paramLabel = "BUCKET",
            description = "A bucket of S3; it must exist.")
    private @Nullable String bucket;

    @Option(
            names = "--s3-region",
            paramLabel = "REGION",
            defaultValue = "us-east-1",
            description = "Of the bucket; default: ${DEFAULT-VALUE}.")
    private String region = "us-east-1";

    @Option(
            names = "--endpoint",
            paramLabel = "HOST",
            description = "Of S3, with a port where it is not 443; default: AWS.")
    private @Nullable String endpoint;

    @Option(
            names = "--container",
            paramLabel = "CONTAINER",
            description = "A container of Azure Blob Storage; it must exist.")
    private @Nullable String container;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description = "Within bucket or container; default: the instance's id.")
    private @Nullable String prefix;

    @Option(
            names = "--credentials",
            paramLabel = "SECRET",
            description =
                    "The name of a secret: KEYID:KEY for S3, a connection string for Azure; see"
                            + " toygres secret set.")
    private @Nullable String credentials;

    @Option(
            names = "--store-ca",
            paramLabel = "FILE",
            description = "PEM of who vouches for the endpoint; default: whom the hosts trust.")
    private @Nullable Path authority;

    @Option(
            names = "--encrypt-with",
            paramLabel = "SECRET",
            description = "The name of a secret with a passphrase; default: not encrypted.")
    private @Nullable String key;

    boolean isGiven() {
        return path != null || bucket != null || container != null;
    }

    BackupStorage storage() {
        return new BackupStorage(
                bucket != null ? "S3" : container != null ? "AzureBlob" : "Local",
                Optional.ofNullable(path),
                Optional.ofNullable(bucket),
                Optional.ofNullable(bucket).map(_ -> region),
                Optional.ofNullable(endpoint),
                Optional.ofNullable(prefix),
                Optional.ofNullable(bucket).flatMap(_ -> Optional.ofNullable(credentials)),
                Optional.ofNullable(container),
                Optional.ofNullable(container).flatMap(_ -> Optional.ofNullable(credentials)),
                Optional.ofNullable(authority).map(StorageOptions::read));
    }

    Optional<EncryptionConfig> encryption() {
        return Optional.ofNullable(key).map(EncryptionConfig::new);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
