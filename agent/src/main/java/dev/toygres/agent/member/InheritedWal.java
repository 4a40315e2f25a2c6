package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.model.backup.WalSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * WAL that a standby got from the primary before it. Postgres marks it as archived when it comes
 * in, whether the primary ever archived it or not: what the primary still had waiting when it went
 * would be archived by nobody. What is archived twice is the same, and the engine says so and
 * succeeds.
 */
final class InheritedWal {
    private final Path wal;

    InheritedWal(Path data) {
        wal = data.resolve("pg_wal");
    }

    /**
     * All that is whole waits for the archiver. A promotion waits for us, and with a store that was
     * dead for long there is much: so the disk is waited for once.
     *
     * @param promoted whether the newest timeline is the member's own: Postgres sees to that
     */
    void claim(boolean promoted) {
        var history = WalHistory.newest(wal);
        var status = wal.resolve("archive_status");
        try (var files = Files.newDirectoryStream(status, "*.done")) {
            for (var done : files) {
                var name = done.getFileName().toString().replace(".done", "");
                if (isInherited(name, history, promoted) && Files.exists(wal.resolve(name))) {
                    awaitArchiver(done, status.resolve(name + ".ready"));
                }
            }
            Durable.sync(status);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** A restartpoint may remove it this very moment. */
    private static void awaitArchiver(Path done, Path ready) throws IOException {
        try {
            Files.move(done, ready, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException removed) {
            return;
        }
    }

    private static boolean isInherited(
            String name, Optional<WalHistory> history, boolean promoted) {
        return WalSegment.parse(name)
                .filter(
                        segment ->
                                history.filter(
                                                        known ->
                                                                known.holds(
                                                                        segment.timeline(),
                                                                        segment.to()))
                                                .isPresent()
                                        || (!promoted
                                                && segment.timeline()
                                                        == history.map(WalHistory::timeline)
                                                                .orElse(1)))
                .isPresent();
    }
}
