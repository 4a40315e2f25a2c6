package dev.toygres.api;

/**
 * PUT /secrets/{name}.
 *
 * @param value is never shown again. For S3 key id and key with a colon between them, for Azure a
 *     connection string, for encryption a passphrase
 */
public record PutSecretRequest(String value) {
    @Override
    public String toString() {
        return "PutSecretRequest[***]";
    }
}
