package dev.toygres.orchestrations.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.backup.Storage;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R4.26: whoever sets up a store is told which field is wrong. As stores were heard to say. */
class StoreTroubleTest {
    private static final Storage S3 =
            new Storage.S3(
                    "b", "us-east-1", Optional.of("localhost:1"), "pg", "keys", Optional.empty());
    private static final Storage AZURE =
            new Storage.AzureBlob("c", "pg", "connection", Optional.empty());

    private static String words(Storage storage, String said) {
        return StoreTrouble.words(storage, said).orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    HTTP request failed with 403 (Forbidden): <Code>InvalidAccessKeyId</Code>   | credentialsRef
                    HTTP request failed with 403 (Forbidden): <Code>SignatureDoesNotMatch</Code>| credentialsRef
                    HTTP request failed with 400 (Bad Request): <Code>ExpiredToken</Code>       | credentialsRef
                    HTTP request failed with 404 (Not Found): <Code>NoSuchBucket</Code>         | bucket
                    HTTP request failed with 301 (Moved Permanently):                           | region
                    unable to verify certificate presented by 'localhost:1': self-signed        | caCertificate
                    unable to connect to 'localhost:9282': [111] Connection refused             | endpoint
                    unable to get address for 'no.such': [-2] Name or service not known         | endpoint
                    this place belongs to instance pg: choose another path                      | prefix
                    """)
    void namesTheFieldOfS3(String said, String field) {
        assertThat(words(S3, said)).startsWith("config.storage." + field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    HTTP request failed with 403 (Server failed to authenticate the request.)       | connectionStringRef
                    HTTP request failed with 404 (The specified container does not exist.)          | container
                    the connection string has no AccountName                                        | connectionStringRef
                    unable to connect to 'localhost:9282': [111] Connection refused                 | connectionStringRef
                    unable to verify certificate presented by 'localhost:1': self-signed            | caCertificate
                    """)
    void namesTheFieldOfAzure(String said, String field) {
        assertThat(words(AZURE, said)).startsWith("config.storage." + field);
    }

    @Test
    void saysThatCredentialsHaveExpired() {
        assertThat(words(S3, "400 (Bad Request): <Code>ExpiredToken</Code>"))
                .contains("the secret keys", "expired");
    }

    @Test
    void aWrongKeyIsOfTheEncryption() {
        assertThat(words(S3, "what is there is encrypted with another passphrase"))
                .startsWith("config.encryption.keyRef");
        assertThat(words(new Storage.Local("/b"), "there is no directory /mnt on this host"))
                .startsWith("config.storage.path");
    }

    @Test
    void saysThatADirectoryIsFullOrNotMounted() {
        Storage local = new Storage.Local("/srv/backups");

        assertThat(words(local, "unable to write '/srv/x': [28] No space left on device"))
                .startsWith("config.storage.path: /srv/backups is full: make room there")
                .contains("[28]");
        assertThat(words(local, "unable to load info file '/srv/x/archive.info'"))
                .startsWith("config.storage.path: what was begun in /srv/backups is not there")
                .contains("is it mounted?");
    }

    @Test
    void whatIsNotKnownIsShownAsItWasSaid() {
        assertThat(StoreTrouble.words(S3, "the moon is full")).isEmpty();
    }
}
