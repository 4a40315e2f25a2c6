package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which points in time can be restored.
 *
 * @param gaps spans between the earliest and the latest that cannot
 * @param alone backups that can be restored only as they are
 */
public record RestoreWindow(
        Optional<Instant> earliest, Optional<Instant> latest, List<Gap> gaps, List<String> alone) {

    /** Nothing between these two can be restored; both ends can. */
    public record Gap(Instant from, Instant to) {}

    /** On the history that the instance is on. */
    public static RestoreWindow of(Archive archive) {
        int to = archive.timeline();
        List<Backup> rollable = archive.rollable(to).toList();
        List<Gap> gaps = new ArrayList<>();
        Optional<Instant> latest = Optional.empty();
        Optional<Lsn> reached = Optional.empty();
        for (Backup one : rollable) {
            Lsn reach = archive.reach(one, to).orElseThrow();
            Lsn stop = one.wal().orElseThrow().stop();
            if (reached.filter(end -> end.compareTo(stop) < 0).isPresent()) {
                latest.filter(one.stoppedAt()::isAfter)
                        .ifPresent(end -> gaps.add(new Gap(end, one.stoppedAt())));
            }
            reached = Optional.of(reached.filter(end -> end.compareTo(reach) > 0).orElse(reach));
            latest = later(latest, one.stoppedAt());
            latest = later(latest, archive.timeAt(reach, to).orElse(one.stoppedAt()));
        }
        return new RestoreWindow(
                rollable.stream().findFirst().map(Backup::stoppedAt),
                latest,
                gaps,
                archive.good(one -> !rollable.contains(one)).map(Backup::id).toList());
    }

    private static Optional<Instant> later(Optional<Instant> one, Instant other) {
        return Optional.of(one.filter(other::isBefore).orElse(other));
    }

    /** In words, for whoever asked for something outside. */
    public String words() {
        if (earliest.isEmpty()) {
            return "nothing can be restored to a point in time";
        }
        return "restorable is %s to %s%s"
                .formatted(earliest.get(), latest.orElseThrow(), exceptions());
    }

    private String exceptions() {
        return gaps.stream()
                .map(gap -> gap.from() + " to " + gap.to())
                .reduce((one, other) -> one + ", " + other)
                .map(all -> ", except " + all)
                .orElse("");
    }
}
