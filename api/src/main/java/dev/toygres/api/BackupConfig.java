package dev.toygres.api;

import java.util.Optional;

/**
 * How backups are made and kept.
 *
 * @param encryption default: none; a repository keeps what it was begun with
 * @param compression None, Fast, Balanced (default) or Best
 */
public record BackupConfig(
        BackupStorage storage,
        Optional<RetentionPolicy> retention,
        Optional<EncryptionConfig> encryption,
        Optional<String> compression) {}
