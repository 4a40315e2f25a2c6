package dev.toygres.agent.member;

import dev.toygres.agentapi.HostStatus.Archive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** How far behind the WAL archive of a primary is. */
final class ArchiveProbe {
    private static final Pattern WAITING = Pattern.compile("[0-9A-F]{24}\\.ready");
    private static final long SEGMENT_BYTES = 16L << 20;
    private static final String QUERY =
            """
            SELECT last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time
            FROM pg_stat_archiver
            """;

    private ArchiveProbe() {}

    static Archive of(Connection connection, Member member) throws SQLException {
        var waiting = Waiting.of(member.home.data().resolve("pg_wal/archive_status"));
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(QUERY)) {
            rows.next();
            return new Archive(
                    Optional.ofNullable(rows.getString(1)),
                    Optional.ofNullable(rows.getObject(2, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant),
                    rows.getLong(3),
                    Optional.ofNullable(rows.getString(4)),
                    Optional.ofNullable(rows.getObject(5, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant),
                    waiting.segments,
                    waiting.segments * SEGMENT_BYTES,
                    waiting.since,
                    member.archiving().trouble());
        }
    }

    /** Postgres does not count them itself. */
    private record Waiting(int segments, Optional<Instant> since) {
        static Waiting of(Path directory) {
            var count = 0;
            Optional<Instant> since = Optional.empty();
            try (var files = Files.newDirectoryStream(directory, "*.ready")) {
                for (var file : files) {
                    if (WAITING.matcher(file.getFileName().toString()).matches()) {
                        count++;
                        var at = modified(file);
                        since = since.filter(first -> first.isBefore(at)).or(() -> Optional.of(at));
                    }
                }
            } catch (IOException gone) {
                return new Waiting(count, since);
            }
            return new Waiting(count, since);
        }

        private static Instant modified(Path file) throws IOException {
            try {
                return Files.getLastModifiedTime(file).toInstant();
            } catch (NoSuchFileException archived) {
                return Instant.now();
            }
        }
    }
}
