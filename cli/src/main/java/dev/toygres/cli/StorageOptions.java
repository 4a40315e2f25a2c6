package dev.toygres.cli;

import dev.toygres.api.BackupStorage;
import dev.toygres.api.EncryptionConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where backups are. */
final class StorageOptions {
    private static final String NONE = "none";
    private static final Optional<String> AWS_USUAL = Optional.of("us-east-1");

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
            description = "Of the bucket; default: us-east-1.")
    private @Nullable String region;

    @Option(
            names = "--endpoint",
            paramLabel = "HOST",
            description = "Of S3, with a port where it is not 443; default, and none: AWS.")
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
            description =
                    "PEM of who vouches for the endpoint; default, and none: whom the hosts trust.")
    private @Nullable Path authority;

    @Option(
            names = "--encrypt-with",
            paramLabel = "SECRET",
            description =
                    "The name of a secret with a passphrase; default, and none: not encrypted.")
    private @Nullable String key;

    boolean namesAPlace() {
        return path != null || bucket != null || container != null;
    }

    boolean isAnyGiven() {
        return namesAPlace()
                || isKeyGiven()
                || Stream.of(region, endpoint, prefix, credentials, authority)
                        .anyMatch(Objects::nonNull);
    }

    boolean isKeyGiven() {
        return key != null;
    }

    BackupStorage storage() {
        return storage(Optional.empty());
    }

    /** What is not given stays as it is now; of a store of another kind nothing can. */
    BackupStorage storage(Optional<BackupStorage> now) {
        String kind =
                bucket != null
                        ? "S3"
                        : container != null
                                ? "AzureBlob"
                                : path != null
                                        ? "Local"
                                        : now.map(BackupStorage::kind).orElse("Local");
        Optional<BackupStorage> base = now.filter(one -> one.kind().equals(kind));
        boolean s3 = kind.equals("S3");
        boolean azure = kind.equals("AzureBlob");
        return new BackupStorage(
                kind,
                or(path, base.flatMap(BackupStorage::path)),
                or(bucket, base.flatMap(BackupStorage::bucket)),
                or(region, base.flatMap(BackupStorage::region).or(() -> AWS_USUAL)).filter(_ -> s3),
                orNone(endpoint, base.flatMap(BackupStorage::endpoint)),
                or(prefix, base.flatMap(BackupStorage::prefix)),
                or(credentials, base.flatMap(BackupStorage::credentialsRef)).filter(_ -> s3),
                or(container, base.flatMap(BackupStorage::container)),
                or(credentials, base.flatMap(BackupStorage::connectionStringRef))
                        .filter(_ -> azure),
                authority == null
                        ? base.flatMap(BackupStorage::caCertificate)
                        : Optional.of(authority)
                                .filter(file -> !file.toString().equals(NONE))
                                .map(StorageOptions::read));
    }

    Optional<EncryptionConfig> encryption() {
        return orNone(key, Optional.empty()).map(EncryptionConfig::new);
    }

    private static Optional<String> or(@Nullable String given, Optional<String> now) {
        return Optional.ofNullable(given).or(() -> now);
    }

    private static Optional<String> orNone(@Nullable String given, Optional<String> now) {
        return or(given, now).filter(value -> !value.equals(NONE));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
