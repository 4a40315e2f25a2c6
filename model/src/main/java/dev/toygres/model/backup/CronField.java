package dev.toygres.model.backup;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One field of a {@link Cron}: the values that fit.
 *
 * @param isAny it was written as {@code *}, or as a step over it
 */
record CronField(SortedSet<Integer> values, boolean isAny) {
    static final Kind MINUTE = new Kind("minute", 0, 59, List.of());
    static final Kind HOUR = new Kind("hour", 0, 23, List.of());
    static final Kind DAY = new Kind("day of month", 1, 31, List.of());
    static final Kind MONTH =
            new Kind(
                    "month",
                    1,
                    12,
                    List.of(
                            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
                            "nov", "dec"));
    static final Kind WEEKDAY =
            new Kind("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    boolean has(int value) {
        return values.contains(value);
    }

    /**
     * What may stand in a field.
     *
     * @param names of the values, from {@code least} on
     */
    record Kind(String name, int least, int most, List<String> names) {

        CronField parse(String text) {
            SortedSet<Integer> values = new TreeSet<>();
            for (String part : text.split(",", -1)) {
                add(values, part);
            }
            return new CronField(values, text.startsWith("*"));
        }

        private void add(SortedSet<Integer> values, String part) {
            String[] range = part.split("/", -1);
            if (range.length > 2) {
                throw fault(part, "has two steps");
            }
            int step = range.length == 2 ? step(part, range[1]) : 1;
            int from = least;
            int to = most;
            if (!range[0].equals("*")) {
                String[] ends = range[0].split("-", -1);
                from = value(part, ends[0]);
                to = ends.length == 1 && range.length == 1 ? from : most;
                if (ends.length == 2) {
                    to = value(part, ends[1]);
                } else if (ends.length > 2) {
                    throw fault(part, "is no range");
                }
            }
            if (from > to) {
                throw fault(part, "goes backwards");
            }
            for (int value = from; value <= to; value += step) {
                values.add(most == 7 ? value % 7 : value); // 7 is Sunday, as 0
            }
        }

        private int step(String part, String text) {
            int step = number(part, text);
            if (step < 1) {
                throw fault(part, "has a step of 0");
            }
            return step;
        }

        private int value(String part, String text) {
            int name = names.indexOf(text.toLowerCase(Locale.ROOT));
            int value = name >= 0 ? least + name : number(part, text);
            if (value < least || value > most) {
                throw fault(part, "is not within %d-%d".formatted(least, most));
            }
            return value;
        }

        private int number(String part, String text) {
            if (!text.matches("[0-9]{1,4}")) {
                throw fault(part, "is no number" + (names.isEmpty() ? "" : " or name"));
            }
            return Integer.parseInt(text);
        }

        private IllegalArgumentException fault(String part, String what) {
            return new IllegalArgumentException("%s: '%s' %s".formatted(name, part, what));
        }
    }
}
