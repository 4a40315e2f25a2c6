package dev.toygres.api;

/**
 * Backups and WAL are encrypted with AES-256.
 *
 * @param keyRef the name of a secret: a passphrase. Without it nothing can be restored
 */
public record EncryptionConfig(String keyRef) {}
