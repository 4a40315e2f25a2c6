package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the timelines of one cluster follow from each other: what its history files say.
 *
 * @param histories by timeline: the way to it, oldest first, without itself; timeline 1 has none
 * @see <a href="https://www.postgresql.org/docs/15/continuous-archiving.html#BACKUP-TIMELINES">
 *     timelines</a>
 */
public record Timelines(Map<Integer, List<Switch>> histories) {
    public static final Timelines NONE = new Timelines(Map.of());

    /** The timeline was left there for the next one. */
    public record Switch(int timeline, Lsn leftAt) {}

    /** The end of the position's way: nothing limits the timeline itself. */
    private static final Lsn NEVER_LEFT = new Lsn(-1);

    public Timelines {
        histories = Map.copyOf(histories);
    }

    /** Nobody can follow a timeline whose history file is not there: not even Postgres. */
    public boolean isKnown(int timeline) {
        return timeline == 1 || histories.containsKey(timeline);
    }

    /** The way to a timeline, and the timeline itself. */
    public List<Switch> wayTo(int timeline) {
        List<Switch> way = new ArrayList<>(histories.getOrDefault(timeline, List.of()));
        way.add(new Switch(timeline, NEVER_LEFT));
        return way;
    }

    /** Whether what stood at this position is part of what the timeline grew from. */
    public boolean isOnTheWay(int timeline, Lsn position, int to) {
        return wayTo(to).stream()
                .anyMatch(
                        part ->
                                part.timeline() == timeline
                                        && position.compareTo(part.leftAt()) <= 0);
    }
}
