package dev.toygres.model.backup;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A cron expression of the usual five fields in a time zone (D15): minute, hour, day of month,
 * month, day of week (0 and 7 are Sunday), with lists, ranges, steps and English names.
 *
 * <p>As in <a href="https://man7.org/linux/man-pages/man5/crontab.5.html">crontab(5)</a>: where
 * both days are restricted, either fits. When clocks go forward, what fell into the gap is due at
 * its end. When they go back, a fixed hour is due once, and {@code *} as the hour goes on by real
 * time.
 */
public final class Cron {
    /** A leap day can be eight years away (1896, 1904; 2096, 2104). */
    private static final int FARTHEST_DAYS = 8 * 366 + 1;

    private final String text;
    private final ZoneId zone;
    private final CronField minute;
    private final CronField hour;
    private final CronField day;
    private final CronField month;
    private final CronField weekday;

    private Cron(String text, ZoneId zone, List<String> fields) {
        this.text = text;
        this.zone = zone;
        minute = CronField.MINUTE.parse(fields.get(0));
        hour = CronField.HOUR.parse(fields.get(1));
        day = CronField.DAY.parse(fields.get(2));
        month = CronField.MONTH.parse(fields.get(3));
        weekday = CronField.WEEKDAY.parse(fields.get(4));
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException naming the field and what is wrong with it
     */
    public static Cron parse(String text, ZoneId zone) {
        List<String> fields = List.of(text.strip().split("\\s+"));
        if (fields.size() != 5) {
            throw new IllegalArgumentException(
                    "needs 5 fields (minute, hour, day of month, month, day of week), has "
                            + (text.isBlank() ? 0 : fields.size()));
        }
        Cron cron = new Cron(text.strip(), zone, fields);
        if (cron.next(Instant.EPOCH).isEmpty()) {
            throw new IllegalArgumentException("is never due: no such day exists");
        }
        return cron;
    }

    /** When it is due next, after this instant. */
    public Optional<Instant> next(Instant after) {
        // A day early, because the end of a gap may lie in the day after.
        LocalDate first = after.atZone(zone).toLocalDate().minusDays(1);
        return Stream.iterate(first, date -> date.plusDays(1))
                .limit(FARTHEST_DAYS)
                .filter(this::fits)
                .flatMap(date -> on(date).stream())
                .filter(instant -> instant.isAfter(after))
                .findFirst();
    }

    private boolean fits(LocalDate date) {
        if (!month.has(date.getMonthValue())) {
            return false;
        }
        boolean byDay = day.has(date.getDayOfMonth());
        boolean byWeekday = weekday.has(date.getDayOfWeek().getValue() % 7);
        return (day.isAny() || weekday.isAny()) ? (byDay && byWeekday) : (byDay || byWeekday);
    }

    private SortedSet<Instant> on(LocalDate date) {
        SortedSet<Instant> due = new TreeSet<>();
        for (int h : hour.values()) {
            for (int m : minute.values()) {
                due.addAll(instants(date.atTime(LocalTime.of(h, m))));
            }
        }
        return due;
    }

    private List<Instant> instants(LocalDateTime local) {
        ZoneRules rules = zone.getRules();
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (offsets.isEmpty()) {
            return hour.isAny() ? List.of() : List.of(rules.getTransition(local).getInstant());
        }
        return offsets.stream().limit(hour.isAny() ? 2 : 1).map(local::toInstant).toList();
    }

    public ZoneId zone() {
        return zone;
    }

    @Override
    public String toString() {
        return text;
    }
}
