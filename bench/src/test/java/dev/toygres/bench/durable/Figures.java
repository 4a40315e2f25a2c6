package dev.toygres.bench.durable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured in several rounds: printed as it comes, and as medians in the end. */
final class Figures {
    private final Map<String, List<Double>> all = new LinkedHashMap<>();

    void add(String who, String what, double value) {
        all.computeIfAbsent(what + ", " + who, _ -> new ArrayList<>()).add(value);
        System.out.printf("BENCH %s, %s: %.2f (load %s)%n", what, who, value, load());
    }

    void printMedians() {
        all.forEach(
                (name, values) ->
                        System.out.printf(
                                "MEDIAN %s: %.2f of %d, from %.2f to %.2f%n",
                                name,
                                percentile(values, 50),
                                values.size(),
                                percentile(values, 0),
                                percentile(values, 100)));
    }

    static double percentile(List<Double> values, int percent) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static String load() {
        try {
            String averages = Files.readString(Path.of("/proc/loadavg"));
            return averages.substring(0, averages.indexOf(' '));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
