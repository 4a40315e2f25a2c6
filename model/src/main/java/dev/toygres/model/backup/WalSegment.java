package dev.toygres.model.backup;

import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive.WalRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A file of WAL, of the usual 16 MB: its name says where it begins. */
public record WalSegment(int timeline, Lsn from) {
    private static final long BYTES = 16L << 20;
    private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");

    /** Of a file's name; empty when it is no segment. */
    public static Optional<WalSegment> parse(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        long log = Long.parseLong(name.substring(8, 16), 16);
        long number = Long.parseLong(name.substring(16), 16);
        return Optional.of(
                new WalSegment(
                        Integer.parseInt(name.substring(0, 8), 16),
                        new Lsn((log << 32) + number * BYTES)));
    }

    public Lsn to() {
        return new Lsn(from.value() + BYTES);
    }

    /**
     * What there is once this segment has come in, and all before it on its timeline; empty where
     * that cannot be said, because nothing of its timeline was seen before.
     */
    public Optional<List<WalRange>> addedTo(List<WalRange> ranges) {
        Optional<WalRange> newest =
                ranges.stream()
                        .filter(range -> range.timeline() == timeline)
                        .max(Comparator.comparing(WalRange::to));
        return newest.map(
                range -> {
                    List<WalRange> grown = new ArrayList<>(ranges);
                    if (range.to().compareTo(to()) < 0) {
                        grown.remove(range);
                        grown.add(new WalRange(timeline, range.from(), to()));
                    }
                    return grown;
                });
    }

    /** The ranges without these segments. */
    public static List<WalRange> without(List<WalRange> ranges, List<String> segments) {
        List<WalRange> left = new ArrayList<>(ranges);
        segments.stream()
                .flatMap(name -> parse(name).stream())
                .forEach(
                        bad -> {
                            List<WalRange> now =
                                    left.stream()
                                            .flatMap(range -> bad.cutFrom(range).stream())
                                            .toList();
                            left.clear();
                            left.addAll(now);
                        });
        return left;
    }

    private List<WalRange> cutFrom(WalRange range) {
        boolean within =
                range.timeline() == timeline
                        && range.from().compareTo(from) <= 0
                        && range.to().compareTo(to()) >= 0;
        if (!within) {
            return List.of(range);
        }
        List<WalRange> parts = new ArrayList<>();
        if (range.from().compareTo(from) < 0) {
            parts.add(new WalRange(timeline, range.from(), from));
        }
        if (range.to().compareTo(to()) > 0) {
            parts.add(new WalRange(timeline, to(), range.to()));
        }
        return parts;
    }
}
