package dev.toygres.agent.backup;

import dev.toygres.agentapi.BackupResult.Point;
import dev.toygres.model.Lsn;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Restore points in the store. All that is known of one stands in the name of its object, so that
 * one listing finds them all.
 */
public final class Points {
    static final String ROOT = "points";
    private static final Pattern OBJECT =
            Pattern.compile(
                    "([a-z0-9-]{1,63})/(\\d+)_([0-9A-F]{1,8})-([0-9A-F]{1,8})_(\\d+)\\.txt");

    private final Objects objects;

    public Points(Objects objects) {
        this.objects = objects;
    }

    public void keep(Point point) {
        objects.put(ROOT + "/" + name(point), point + "\n");
    }

    static String name(Point point) {
        return "%s/%d_%s_%d.txt"
                .formatted(
                        point.name(),
                        point.timeline(),
                        Lsn.parse(point.lsn()).toString().replace('/', '-'),
                        point.at().toEpochMilli());
    }

    public List<Point> list() {
        return objects.list(ROOT).keySet().stream()
                .flatMap(name -> parse(name).stream())
                .sorted(Comparator.comparing(Point::at))
                .toList();
    }

    static Optional<Point> parse(String name) {
        var parts = OBJECT.matcher(name);
        return parts.matches()
                ? Optional.of(
                        new Point(
                                parts.group(1),
                                Integer.parseInt(parts.group(2)),
                                parts.group(3) + "/" + parts.group(4),
                                Instant.ofEpochMilli(Long.parseLong(parts.group(5)))))
                : Optional.empty();
    }
}
