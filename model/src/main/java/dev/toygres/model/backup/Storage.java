package dev.toygres.model.backup;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/** Where backups go (R4.11). Secrets are named here, never held. */
public sealed interface Storage {
    /**
     * A directory that every host of the instance sees under the same path: on several machines a
     * shared file system.
     */
    record Local(String path) implements Storage {}

    /**
     * A bucket of S3, or of anything that speaks its protocol.
     *
     * @param endpoint absent: that of AWS for the region
     * @param prefix within the bucket
     * @param credentialsRef the name of a secret: key id and key, separated by a colon
     * @param caCertificate PEM of who vouches for the endpoint, where the host's own do not
     */
    record S3(
            String bucket,
            String region,
            Optional<String> endpoint,
            String prefix,
            String credentialsRef,
            Optional<String> caCertificate)
            implements Storage {}

    /**
     * A container of Azure Blob Storage.
     *
     * @param prefix within the container
     * @param connectionStringRef the name of a secret: a connection string as Azure shows it
     * @param caCertificate as with {@link S3}
     */
    record AzureBlob(
            String container,
            String prefix,
            String connectionStringRef,
            Optional<String> caCertificate)
            implements Storage {}

    /** The name of the secret that opens it. */
    default Optional<String> secretRef() {
        return switch (this) {
            case Local _ -> Optional.empty();
            case S3 s3 -> Optional.of(s3.credentialsRef());
            case AzureBlob azure -> Optional.of(azure.connectionStringRef());
        };
    }

    /**
     * One and the same for whatever means the same place, with a slash at its end: a place that
     * begins with another lies within it.
     */
    default String place() {
        return switch (this) {
            case Local(String path) ->
                    URI.create("file://" + slashes("/" + path + "/")).normalize().toString();
            case S3 s3 ->
                    "s3://%s/%s%s"
                            .formatted(
                                    s3.endpoint().map(Storage::host).orElse("aws"),
                                    s3.bucket(),
                                    slashes("/" + s3.prefix() + "/"));
            case AzureBlob azure ->
                    "azure://%s/%s%s"
                            .formatted(
                                    azure.connectionStringRef(),
                                    azure.container(),
                                    slashes("/" + azure.prefix() + "/"));
        };
    }

    private static String host(String endpoint) {
        return endpoint.replaceFirst("^[a-z]+://", "").toLowerCase(Locale.ROOT);
    }

    private static String slashes(String path) {
        return path.replaceAll("/+", "/");
    }
}
