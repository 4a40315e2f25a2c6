package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** From which backup, and along which timeline, a target is reached; or why it is not. */
public sealed interface RestoreChoice {
    /**
     * @param timeline along which WAL is replayed
     */
    record From(Backup backup, int timeline) implements RestoreChoice {}

    /** It cannot be reached; the words name what can. */
    record Outside(String reason) implements RestoreChoice {}

    /**
     * The newest backup from which the target is reached on the instance's own history.
     *
     * @param wanted only this backup will do
     */
    static RestoreChoice of(Archive archive, RestoreTarget target, Optional<String> wanted) {
        int to = timeline(archive, target, wanted);
        Predicate<Backup> reaches =
                switch (target) {
                    case RestoreTarget.BackupItself _ -> _ -> true;
                    case RestoreTarget.Latest _ ->
                            one ->
                                    archive.reach(one, to).equals(archive.head(to))
                                            && isWhole(archive, to);
                    case RestoreTarget.Time(Instant at, _) ->
                            one -> reachesTime(archive, one, at, to);
                    case RestoreTarget.Transaction _ ->
                            one ->
                                    wanted.isPresent()
                                            || archive.reach(one, to).equals(archive.head(to));
                    case RestoreTarget.Named(_, _, Lsn position) ->
                            one -> reachesPosition(archive, one, position, to);
                    case RestoreTarget.Position(Lsn position, _) ->
                            one -> reachesPosition(archive, one, position, to);
                };
        boolean asItIs = target instanceof RestoreTarget.BackupItself;
        return (asItIs ? archive.good(_ -> true) : archive.rollable(to))
                .filter(one -> wanted.map(one.id()::equals).orElse(true))
                .filter(reaches)
                .max(order(target))
                .<RestoreChoice>map(
                        one -> new From(one, asItIs ? one.wal().orElseThrow().timeline() : to))
                .orElseGet(() -> outside(archive, target, wanted));
    }

    /** A backup that somebody names leads along its own history where ours has left it. */
    private static int timeline(Archive archive, RestoreTarget target, Optional<String> wanted) {
        if (target instanceof RestoreTarget.Named(_, int made, Lsn position)
                && !archive.timelines().isOnTheWay(made, position, archive.timeline())) {
            return made;
        }
        return wanted.flatMap(id -> archive.good(one -> one.id().equals(id)).findFirst())
                .flatMap(Backup::wal)
                .filter(
                        own ->
                                !archive.timelines()
                                        .isOnTheWay(own.timeline(), own.stop(), archive.timeline()))
                .map(Backup.Wal::timeline)
                .orElse(archive.timeline());
    }

    /**
     * The newest one replays least. A transaction's place is not known: only from the oldest one it
     * surely lies ahead. One before a gap is looked for from a backup that somebody names.
     */
    private static Comparator<Backup> order(RestoreTarget target) {
        Comparator<Backup> byAge = Comparator.comparing(Backup::stoppedAt);
        return target instanceof RestoreTarget.Transaction ? byAge.reversed() : byAge;
    }

    /**
     * Postgres takes a hole in the WAL for its end: what was written after it, or after the last
     * failover, would be gone without a word.
     */
    private static boolean isWhole(Archive archive, int to) {
        return archive.brokenAt(to).isEmpty()
                && archive.head(to)
                        .filter(end -> end.compareTo(archive.beginOf(to)) >= 0)
                        .isPresent();
    }

    private static boolean reachesTime(Archive archive, Backup one, Instant at, int to) {
        if (one.stoppedAt().isAfter(at)) {
            return false;
        }
        if (one.stoppedAt().equals(at)) {
            return true;
        }
        Lsn reach = archive.reach(one, to).orElseThrow();
        return archive.positionAt(at, to).filter(end -> end.compareTo(reach) <= 0).isPresent();
    }

    private static boolean reachesPosition(Archive archive, Backup one, Lsn position, int to) {
        return one.wal().orElseThrow().stop().compareTo(position) <= 0
                && archive.reach(one, to).orElseThrow().compareTo(position) >= 0;
    }

    private static RestoreChoice outside(
            Archive archive, RestoreTarget target, Optional<String> wanted) {
        int to = timeline(archive, target, wanted);
        Optional<Lsn> head = archive.head(to);
        if (target instanceof RestoreTarget.Latest && head.isPresent() && !isWhole(archive, to)) {
            return new Outside(
                    "the latest point cannot be reached: WAL after %s%s is not in the archive; %s: give a time in it to restore what there is, and take a backup"
                            .formatted(
                                    head.get(),
                                    head.get().compareTo(archive.beginOf(to)) < 0
                                            ? ", before timeline %d began at %s,"
                                                    .formatted(to, archive.beginOf(to))
                                            : "",
                                    RestoreWindow.of(archive).words()));
        }
        String who = wanted.map(id -> " from backup " + id).orElse("");
        return new Outside(
                "%s cannot be reached%s: %s"
                        .formatted(words(target), who, RestoreWindow.of(archive).words()));
    }

    private static String words(RestoreTarget target) {
        return switch (target) {
            case RestoreTarget.BackupItself _ -> "the backup";
            case RestoreTarget.Latest _ -> "the latest point";
            case RestoreTarget.Time(Instant at, _) -> at.toString();
            case RestoreTarget.Transaction(long xid, _) -> "transaction " + xid;
            case RestoreTarget.Named(String name, _, _) -> "restore point " + name;
            case RestoreTarget.Position(Lsn lsn, _) -> "position " + lsn;
        };
    }
}
