package dev.toygres.model.parameter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The unit of a parameter as {@code pg_settings.unit} names it, such as 8kB or ms, and the way that
 * Postgres turns what people write into it and back: {@code convert_to_base_unit} and {@code
 * convert_int_from_base_unit} in guc.c.
 *
 * @param size of one base unit, in bytes or microseconds
 * @param scale the units of its kind, largest first
 */
record Unit(double size, List<Map.Entry<String, Double>> scale) {
    private static final List<Map.Entry<String, Double>> MEMORY =
            List.of(
                    Map.entry("TB", 1024.0 * 1024 * 1024 * 1024),
                    Map.entry("GB", 1024.0 * 1024 * 1024),
                    Map.entry("MB", 1024.0 * 1024),
                    Map.entry("kB", 1024.0),
                    Map.entry("B", 1.0));
    private static final List<Map.Entry<String, Double>> TIME =
            List.of(
                    Map.entry("d", 86_400e6),
                    Map.entry("h", 3_600e6),
                    Map.entry("min", 60e6),
                    Map.entry("s", 1e6),
                    Map.entry("ms", 1e3),
                    Map.entry("us", 1.0));
    private static final Pattern NAME = Pattern.compile("(\\d*)([A-Za-z]+)");

    /** Empty for a name that is no unit of memory or time. */
    static Optional<Unit> of(String name) {
        Matcher match = NAME.matcher(name);
        if (!match.matches()) {
            return Optional.empty();
        }
        double times = match.group(1).isEmpty() ? 1 : Double.parseDouble(match.group(1));
        return scaleOf(match.group(2))
                .map(scale -> new Unit(times * sizeIn(scale, match.group(2)), scale));
    }

    private static Optional<List<Map.Entry<String, Double>>> scaleOf(String unit) {
        return List.of(MEMORY, TIME).stream().filter(one -> sizeIn(one, unit) > 0).findFirst();
    }

    private static double sizeIn(List<Map.Entry<String, Double>> scale, String unit) {
        return scale.stream()
                .filter(one -> one.getKey().equals(unit))
                .mapToDouble(Map.Entry::getValue)
                .findFirst()
                .orElse(0);
    }

    /** In base units; a fraction such as 30.1GB counts in whole multiples of the next unit. */
    Optional<Double> toBase(double value, String unit) {
        for (int i = 0; i < scale.size(); i++) {
            if (scale.get(i).getKey().equals(unit)) {
                double base = value * scale.get(i).getValue() / size;
                if (i + 1 < scale.size()) {
                    double next = scale.get(i + 1).getValue() / size;
                    base = Math.rint(base / next) * next;
                }
                return Optional.of(base);
            }
        }
        return Optional.empty();
    }

    /** In the largest unit of which it is a whole number. */
    String shown(double base) {
        double bytes = base * size;
        for (Map.Entry<String, Double> one : scale) {
            double count = bytes / one.getValue();
            if (count >= 1 && count == Math.rint(count)) {
                return "%d%s".formatted((long) count, one.getKey());
            }
        }
        return Numbers.plain(bytes) + scale.getLast().getKey();
    }

    String names() {
        return String.join(", ", scale.reversed().stream().map(Map.Entry::getKey).toList());
    }
}
