package dev.toygres.agent.member;

import dev.toygres.agent.process.ServiceUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The numbers of timelines that data which goes on must not take: Postgres takes the first one
 * after its own that has no history file. Two histories under one number would never be told apart
 * again in the archive.
 */
final class TakenTimelines {
    private final ServiceUser user;
    private final Path data;

    TakenTimelines(ServiceUser user, Path data) {
        this.user = user;
        this.data = data;
    }

    /**
     * Its own is the newest that it knows of.
     *
     * @param newest that anybody has seen
     * @param other data that may have seen newer ones
     */
    void mark(int newest, Path other) {
        for (int one = newestIn(data) + 1; one <= Math.max(newest, newestIn(other)); one++) {
            user.file(data.resolve("pg_wal/%08X.history".formatted(one)), "");
        }
    }

    private static int newestIn(Path data) {
        var wal = data.resolve("pg_wal");
        if (!Files.isDirectory(wal)) {
            return 1;
        }
        try (var files = Files.newDirectoryStream(wal, "*.history")) {
            var newest = 1;
            for (var file : files) {
                var name = file.getFileName().toString().substring(0, 8);
                newest = Math.max(newest, Integer.parseUnsignedInt(name, 16));
            }
            return newest;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
