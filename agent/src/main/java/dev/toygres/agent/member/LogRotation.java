package dev.toygres.agent.member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a Postgres log from growing for ever: one older file beside it. The guard and Postgres
 * write to the end of the open file, so it is emptied, not replaced; a few lines may be lost.
 */
final class LogRotation {
    private static final long LARGEST = 64L << 20;

    private LogRotation() {}

    static void of(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) > LARGEST) {
                Files.copy(
                        log,
                        log.resolveSibling(log.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
                try (var file = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    file.truncate(0);
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
