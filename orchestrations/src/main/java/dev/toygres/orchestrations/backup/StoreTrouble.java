package dev.toygres.orchestrations.backup;

import dev.toygres.model.backup.Storage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a host said of a store, in the words of the wish: which field is wrong, and what to do. The
 * words of servers differ; what is not known here is shown as it was said.
 */
final class StoreTrouble {
    private static final String SECRET = "";

    /**
     * @param said by host or store
     * @param s3 field of the wish; {@link #SECRET}: that which names the credentials
     */
    private record Rule(Pattern said, String s3, String azure, String advice) {}

    private static final List<Rule> RULES =
            List.of(
                    rule(
                            "ExpiredToken|has expired|token.*expired|Signature not valid in the"
                                    + " specified time frame",
                            SECRET,
                            SECRET,
                            "the credentials have expired: write new ones with toygres secret set"),
                    rule(
                            "\\b40[13] \\(|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|"
                                    + "AuthenticationFailed|InvalidToken",
                            SECRET,
                            SECRET,
                            "the store does not accept the credentials, or does not let them write"
                                    + " here"),
                    rule(
                            "AuthorizationHeaderMalformed|\\b301 \\(",
                            "region",
                            "container",
                            "the bucket is in another region"),
                    rule(
                            "NoSuchBucket|specified (bucket|container) does not exist|\\b404 \\(",
                            "bucket",
                            "container",
                            "it does not exist: make it first"),
                    rule(
                            "unable to verify certificate|unable to set user-defined CA|"
                                    + "unable to find hostname",
                            "caCertificate",
                            "caCertificate",
                            "the store's certificate is not vouched for by whom is trusted"),
                    rule(
                            "unable to (connect|get address)|timeout (connecting|after)|"
                                    + "spoken to over HTTPS only|unexpected eof|TLS error",
                            "endpoint",
                            SECRET,
                            "the store cannot be reached"),
                    rule(
                            "connection string has no",
                            SECRET,
                            SECRET,
                            "it must be a connection string as Azure shows it"));

    /** Another attempt only says it again. */
    private static final Pattern FULL =
            Pattern.compile("No space left on device|Disk quota exceeded|MB of room left");

    private static final Pattern GONE =
            Pattern.compile("unable to load info file|FileMissingError");

    private static final Pattern KEY =
            Pattern.compile(
                    "encrypted with another passphrase|passphrase is missing|not encrypted");
    private static final Pattern OWNER = Pattern.compile("this place belongs to instance");

    private StoreTrouble() {}

    private static Rule rule(String said, String s3, String azure, String advice) {
        return new Rule(Pattern.compile(said, Pattern.CASE_INSENSITIVE), s3, azure, advice);
    }

    /** Names the field; empty where that is not known. */
    static Optional<String> words(Storage storage, String said) {
        if (KEY.matcher(said).find()) {
            return Optional.of("config.encryption.keyRef: " + said);
        }
        if (OWNER.matcher(said).find()) {
            return Optional.of("config.storage." + placeField(storage) + ": " + said);
        }
        return switch (storage) {
            case Storage.Local(String path) ->
                    Optional.of("config.storage.path: " + local(path, said));
            case Storage.S3 s3 ->
                    found(said)
                            .map(
                                    rule ->
                                            words(
                                                    rule.s3(),
                                                    "credentialsRef",
                                                    s3.credentialsRef(),
                                                    rule,
                                                    said));
            case Storage.AzureBlob azure ->
                    found(said)
                            .map(
                                    rule ->
                                            words(
                                                    rule.azure(),
                                                    "connectionStringRef",
                                                    azure.connectionStringRef(),
                                                    rule,
                                                    said));
        };
    }

    /** Whether it has to be made room in before anything else is of use. */
    static boolean isFull(Storage storage, String said) {
        return storage instanceof Storage.Local && FULL.matcher(said).find();
    }

    private static String local(String path, String said) {
        if (FULL.matcher(said).find()) {
            return "%s is full: make room there, keep backups for a shorter time, or choose another place (%s)"
                    .formatted(path, said);
        }
        if (GONE.matcher(said).find()) {
            return "what was begun in %s is not there: is it mounted? (%s)".formatted(path, said);
        }
        return said;
    }

    private static String placeField(Storage storage) {
        return storage instanceof Storage.Local ? "path" : "prefix";
    }

    private static Optional<Rule> found(String said) {
        return RULES.stream().filter(rule -> rule.said().matcher(said).find()).findFirst();
    }

    private static String words(
            String field, String secretField, String secret, Rule rule, String said) {
        String where =
                field.equals(SECRET)
                        ? "config.storage.%s (the secret %s)".formatted(secretField, secret)
                        : "config.storage." + field;
        return "%s: %s (%s)".formatted(where, rule.advice(), said);
    }
}
