package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What one repository holds: backups, WAL, and which times belong to which positions.
 *
 * @param wal what is there without a hole, in any order
 * @param timeline the newest history that counts: the one that the instance is on
 * @param samples what the primary was seen to write at which time
 * @param walFrom since when WAL is kept whole: older backups can only be restored as they are
 */
public record Archive(
        List<Backup> backups,
        List<WalRange> wal,
        Timelines timelines,
        int timeline,
        List<WalSample> samples,
        Optional<Instant> walFrom) {

    /** WAL from one position to another, without a hole. */
    public record WalRange(int timeline, Lsn from, Lsn to) {}

    /** At this time the primary had written up to there. */
    public record WalSample(int timeline, Lsn position, Instant at) {}

    public Archive {
        backups = List.copyOf(backups);
        wal = List.copyOf(wal);
        samples = List.copyOf(samples);
    }

    /**
     * Up to where WAL without a hole leads from a backup, on the way to a timeline; empty where it
     * is not on that way, or not even consistent, or where nobody knows the way.
     */
    Optional<Lsn> reach(Backup backup, int to) {
        return backup.wal()
                .filter(_ -> timelines.isKnown(to))
                .filter(own -> timelines.isOnTheWay(own.timeline(), own.stop(), to))
                .map(own -> reach(own, to))
                .filter(end -> end.compareTo(backup.wal().orElseThrow().stop()) >= 0);
    }

    /**
     * As it will be once a primary that lives has archived everything up to now: WAL goes on where
     * it ends today.
     */
    public Archive asIfArchived(Instant now) {
        Lsn endless = new Lsn(Long.MAX_VALUE);
        List<WalRange> grown =
                Stream.concat(
                                wal.stream(),
                                wal.stream()
                                        .filter(range -> range.timeline() == timeline)
                                        .max(Comparator.comparing(WalRange::to))
                                        .map(range -> new WalRange(timeline, range.to(), endless))
                                        .stream())
                        .toList();
        List<WalSample> more =
                Stream.concat(samples.stream(), Stream.of(new WalSample(timeline, endless, now)))
                        .toList();
        return new Archive(backups, joined(grown), timelines, timeline, more, walFrom);
    }

    private static List<WalRange> joined(List<WalRange> ranges) {
        return ranges.stream()
                .map(
                        range ->
                                ranges.stream()
                                        .filter(next -> next.timeline() == range.timeline())
                                        .filter(next -> next.from().equals(range.to()))
                                        .findFirst()
                                        .map(
                                                next ->
                                                        new WalRange(
                                                                range.timeline(),
                                                                range.from(),
                                                                next.to()))
                                        .orElse(range))
                .toList();
    }

    /** Whether the WAL that makes it consistent is all there, whatever became of its timeline. */
    public boolean holdsWalOf(Backup backup) {
        return backup.wal()
                .filter(own -> reach(own, own.timeline()).compareTo(own.stop()) >= 0)
                .isPresent();
    }

    private Lsn reach(Backup.Wal own, int to) {
        Lsn reached = own.start();
        for (Timelines.Switch part : timelines.wayTo(to)) {
            if (part.timeline() < own.timeline()) {
                continue;
            }
            Optional<Lsn> end = endOn(part.timeline(), reached);
            if (end.isEmpty() && leadsOn(part, to, reached)) {
                continue;
            }
            if (end.isEmpty()) {
                return reached;
            }
            if (end.get().compareTo(part.leftAt()) >= 0) {
                reached = part.leftAt();
            } else if (leadsOn(part, to, end.get())) {
                reached = end.get();
            } else {
                return end.get();
            }
        }
        return reached;
    }

    /**
     * The last segment of a timeline that was left is on the next one as well, as a whole; on a
     * later one, where the next was left within the same segment.
     */
    private boolean leadsOn(Timelines.Switch left, int to, Lsn end) {
        return timelines.wayTo(to).stream()
                .filter(next -> next.timeline() > left.timeline())
                .anyMatch(next -> endOn(next.timeline(), end).isPresent());
    }

    /** Where a timeline begins: whoever does not come so far is not on it. */
    Lsn beginOf(int timelineId) {
        List<Timelines.Switch> way = timelines.wayTo(timelineId);
        return way.size() < 2 ? new Lsn(0) : way.get(way.size() - 2).leftAt();
    }

    private Optional<Lsn> endOn(int timelineId, Lsn position) {
        return wal.stream()
                .filter(range -> range.timeline() == timelineId)
                .filter(range -> range.from().compareTo(position) <= 0)
                .filter(range -> range.to().compareTo(position) >= 0)
                .map(WalRange::to)
                .max(Comparator.naturalOrder());
    }

    /** Good ones on the way to a timeline that can be rolled forward, oldest first. */
    Stream<Backup> rollable(int to) {
        return good(one -> reach(one, to).isPresent())
                .filter(one -> walFrom.filter(one.stoppedAt()::isBefore).isEmpty());
    }

    Stream<Backup> good(Predicate<Backup> wanted) {
        return backups.stream()
                .filter(Backup::isPhysical)
                .filter(new Chains(backups)::isGood)
                .filter(wanted)
                .sorted(Comparator.comparing(Backup::stoppedAt));
    }

    /** The end of all WAL on the way to a timeline, as far as any backup reaches it. */
    Optional<Lsn> head(int to) {
        return rollable(to).flatMap(one -> reach(one, to).stream()).max(Comparator.naturalOrder());
    }

    /**
     * The end of what can be reached, where more WAL follows after a hole: until there is a backup
     * after it, nothing later can be restored.
     */
    public Optional<Lsn> brokenAt() {
        return brokenAt(timeline);
    }

    Optional<Lsn> brokenAt(int to) {
        return head(to).filter(
                        end ->
                                wal.stream()
                                        .filter(range -> range.timeline() == to)
                                        .anyMatch(range -> range.to().compareTo(end) > 0));
    }

    /** Samples on the way to a timeline, oldest first. */
    Stream<WalSample> samplesTo(int to) {
        return samples.stream()
                .filter(one -> timelines.isOnTheWay(one.timeline(), one.position(), to))
                .sorted(Comparator.comparing(WalSample::at));
    }

    /** A time up to which everything stands at or before the position. */
    Optional<Instant> timeAt(Lsn position, int to) {
        return samplesTo(to)
                .filter(one -> one.position().compareTo(position) <= 0)
                .map(WalSample::at)
                .max(Comparator.naturalOrder());
    }

    /** A position at or before which everything up to that time stands. */
    Optional<Lsn> positionAt(Instant time, int to) {
        return samplesTo(to)
                .filter(one -> !one.at().isBefore(time))
                .map(WalSample::position)
                .findFirst();
    }
}
