package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The way to a timeline, from its history file in {@code pg_wal}.
 *
 * @param timeline to which it leads
 * @param way where which timeline was left, oldest first
 */
record WalHistory(int timeline, List<Left> way) {
    /** A timeline that was left there. */
    record Left(int timeline, Lsn at) {}

    static Optional<WalHistory> newest(Path wal) {
        try {
            var files = files(wal);
            return files.isEmpty() ? Optional.empty() : Optional.of(read(files.last()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Those that say anything: an empty file only keeps its number from being taken. */
    static SortedSet<Path> files(Path wal) {
        try (var files = Files.newDirectoryStream(wal, "????????.history")) {
            var all = new TreeSet<Path>();
            for (var file : files) {
                if (Files.size(file) > 0) {
                    all.add(file);
                }
            }
            return all;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static WalHistory read(Path file) throws IOException {
        var way = new ArrayList<Left>();
        for (var line : Files.readAllLines(file)) {
            var words = line.strip().split("\\s+", 3);
            if (words.length >= 2 && !words[0].startsWith("#")) {
                way.add(new Left(Integer.parseInt(words[0]), Lsn.parse(words[1])));
            }
        }
        var name = file.getFileName().toString().substring(0, 8);
        return new WalHistory(Integer.parseUnsignedInt(name, 16), way);
    }

    /**
     * Whether it was left before it began: replay ended at a hole below the fork, and what was
     * written after it is not there.
     */
    Optional<String> hole() {
        if (way.size() < 2) {
            return Optional.empty();
        }
        var begun = way.get(way.size() - 2).at();
        var last = way.getLast();
        return begun.compareTo(last.at()) <= 0
                ? Optional.empty()
                : Optional.of(
                        "WAL after %s is not in the archive, but timeline %d begins at %s"
                                .formatted(last.at(), last.timeline(), begun));
    }

    /**
     * Makes the newest history say where its data comes from. Postgres names the timeline that
     * recovery was told to follow, also where the target lay before that one began (StartupXLOG
     * passes recoveryTargetTLI to writeTimeLineHistory): then whoever replays the new timeline
     * takes what was never part of it for its past.
     */
    static void mend(Path wal, ServiceUser user) {
        newest(wal)
                .filter(written -> written.hole().isPresent())
                .ifPresent(
                        written ->
                                Durable.write(
                                        wal.resolve(Lineage.fileName(written.timeline())),
                                        written.straightened().text(),
                                        user));
    }

    private WalHistory straightened() {
        var straight = new ArrayList<Left>();
        for (var left : way) {
            var timeline = left.timeline();
            while (!straight.isEmpty() && straight.getLast().at().compareTo(left.at()) > 0) {
                timeline = straight.removeLast().timeline();
            }
            straight.add(new Left(timeline, left.at()));
        }
        return new WalHistory(timeline, straight);
    }

    private String text() {
        return way.stream()
                .map(left -> "%d\t%s\trestored\n".formatted(left.timeline(), left.at()))
                .collect(Collectors.joining());
    }

    /** Whether a segment that is whole belongs to the way, below the fork of its timeline. */
    boolean holds(int segmentTimeline, Lsn segmentEnd) {
        return way.stream()
                .filter(left -> left.timeline() == segmentTimeline)
                .anyMatch(left -> segmentEnd.compareTo(left.at()) <= 0);
    }
}
