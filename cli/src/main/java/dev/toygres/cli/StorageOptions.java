package dev.toygres.cli;

import dev.toygres.api.BackupStorage;
import dev.toygres.api.EncryptionConfig;
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
            names = "--encrypt-with",
            paramLabel = "SECRET",
            description = "The name of a secret with a passphrase; default: not encrypted.")
    private @Nullable String key;

    boolean isGiven() {
        return path != null;
    }

    BackupStorage storage() {
        return new BackupStorage("Local", Optional.ofNullable(path));
    }

    Optional<EncryptionConfig> encryption() {
        return Optional.ofNullable(key).map(EncryptionConfig::new);
    }
}
