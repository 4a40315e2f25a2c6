package dev.toygres.agent.member;

import dev.toygres.agent.process.ServiceUser;
import dev.toygres.model.backup.WalSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * WAL that a standby got from the primary before it. Postgres marks it as archived when it comes
 * in, whether the primary ever archived it or not: what the primary still had waiting when it went
 * would be archived by nobody. What is archived twice is the same, and the engine says so and
 * succeeds.
 */
final class InheritedWal {
    private final ServiceUser user;
    private final Path wal;

    InheritedWal(ServiceUser user, Path data) {
        this.user = user;
        wal = data.resolve("pg_wal");
    }

    /**
     * All that is whole waits for the archiver.
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
                    user.file(status.resolve(name + ".ready"), "");
                    Files.deleteIfExists(done);
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
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
