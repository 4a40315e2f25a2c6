package dev.toygres.agentapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/**
 * Where backups lie, with what opens it. The keys live only on the wire (mTLS) and in files of
 * their member that nobody else may read; they are never logged, and never part of an answer.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BackupStore.Local.class, name = "Local"),
    @JsonSubTypes.Type(value = BackupStore.S3.class, name = "S3"),
    @JsonSubTypes.Type(value = BackupStore.AzureBlob.class, name = "AzureBlob")
})
public sealed interface BackupStore {

    /**
     * A directory, the same on every host of the instance (on several machines: a shared file
     * system). The agent makes it, but not its parent, and gives it to the user that Postgres runs
     * as.
     *
     * @param path absolute
     */
    record Local(String path) implements BackupStore {}

    /**
     * A bucket, which must exist, of S3 or of a server that speaks its protocol over HTTPS.
     *
     * @param endpoint {@code host[:port]} or {@code https://host[:port]}; empty: that of AWS
     * @param pathStyle the bucket is in the path instead of in the host's name; what speaks the
     *     protocol and is not AWS usually wants that
     * @param sessionToken of temporary credentials
     * @param authorities PEM of the authorities that the endpoint's certificate is checked with;
     *     empty: those of the host
     */
    record S3(
            String bucket,
            String region,
            Optional<String> endpoint,
            boolean pathStyle,
            String accessKey,
            String secretKey,
            Optional<String> sessionToken,
            Optional<String> authorities)
            implements BackupStore {
        @Override
        public String toString() {
            return "S3[" + bucket + ", " + region + ", " + endpoint.orElse("AWS") + "]";
        }
    }

    /**
     * A container, which must exist.
     *
     * @param connectionString as Azure shows it: AccountName, AccountKey or SharedAccessSignature,
     *     BlobEndpoint or EndpointSuffix
     * @param authorities as with {@link S3}
     */
    record AzureBlob(String container, String connectionString, Optional<String> authorities)
            implements BackupStore {
        @Override
        public String toString() {
            return "AzureBlob[" + container + "]";
        }
    }
}
