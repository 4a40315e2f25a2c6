package dev.toygres.model.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** D15, R4.31. */
class CronTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static List<String> dues(String text, ZoneId zone, String after, int count) {
        Cron cron = Cron.parse(text, zone);
        return Stream.iterate(Instant.parse(after), at -> cron.next(at).orElseThrow())
                .skip(1)
                .limit(count)
                .map(Instant::toString)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 2 * * 0       | 2026-01-01T00:00:00Z | 2026-01-04T02:00:00Z
                    0 2 * * 7       | 2026-01-01T00:00:00Z | 2026-01-04T02:00:00Z
                    0 2 * * sun     | 2026-01-01T00:00:00Z | 2026-01-04T02:00:00Z
                    0 2 * * *       | 2026-01-01T02:00:00Z | 2026-01-02T02:00:00Z
                    0 2 * * *       | 2026-01-01T01:59:59.999Z | 2026-01-01T02:00:00Z
                    */15 * * * *    | 2026-01-01T00:01:00Z | 2026-01-01T00:15:00Z
                    5-59/20 3 * * * | 2026-01-01T03:05:00Z | 2026-01-01T03:25:00Z
                    7/20 * * * *    | 2026-01-01T00:08:00Z | 2026-01-01T00:27:00Z
                    0 0 29 2 *      | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z
                    0 0 31 * *      | 2026-02-01T00:00:00Z | 2026-03-31T00:00:00Z
                    0 0 1 JAN,jul * | 2026-02-01T00:00:00Z | 2026-07-01T00:00:00Z
                    0 0 13 * 5      | 2026-01-14T00:00:00Z | 2026-01-16T00:00:00Z
                    0 0 13 * 5      | 2026-02-10T00:00:00Z | 2026-02-13T00:00:00Z
                    0 0 13 * mon-fri| 2026-01-10T00:00:00Z | 2026-01-12T00:00:00Z
                    59 23 31 12 *   | 2026-12-31T23:59:00Z | 2027-12-31T23:59:00Z
                    0 0 */10 * 1    | 2026-01-01T00:00:00Z | 2026-05-11T00:00:00Z
                    """)
    void isDueWhenItsFieldsSay(String text, String after, String due) {
        assertThat(dues(text, ZoneOffset.UTC, after, 1)).containsExactly(due);
    }

    @Test
    void whatFallsIntoTheGapOfSpringIsDueAtItsEnd() {
        assertThat(dues("30 2 * * *", BERLIN, "2026-03-28T02:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(dues("*/30 2 * * *", BERLIN, "2026-03-28T02:00:00Z", 2))
                .as("once, however much fell into it")
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
        assertThat(dues("30 * * * *", BERLIN, "2026-03-29T00:00:00Z", 2))
                .as("an hourly one just goes on")
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z");
    }

    @Test
    void aFixedHourThatComesTwiceInAutumnIsDueOnce() {
        assertThat(dues("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(dues("30 * * * *", BERLIN, "2026-10-25T00:00:00Z", 3))
                .as("an hourly one just goes on")
                .containsExactly(
                        "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
    }

    @Test
    void aGapAtMidnightIsTheNextDays() {
        assertThat(dues("0 0 * * *", ZoneId.of("America/Santiago"), "2026-09-05T12:00:00Z", 1))
                .containsExactly("2026-09-06T04:00:00Z");
    }

    @Test
    void neverGoesBackwardsInAnyZone() {
        for (String zone : List.of("Europe/Berlin", "Australia/Lord_Howe", "America/New_York")) {
            Cron cron = Cron.parse("*/10 1-3 * * *", ZoneId.of(zone));
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            while (at.isBefore(Instant.parse("2027-01-01T00:00:00Z"))) {
                Instant next = cron.next(at).orElseThrow();
                assertThat(next).isAfter(at);
                assertThat(cron.next(next.minusNanos(1))).contains(next);
                at = next;
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    0 2 * *       | needs 5 fields
                    ''            | needs 5 fields
                    @daily        | needs 5 fields
                    60 2 * * *    | minute: '60' is not within 0-59
                    0 24 * * *    | hour: '24' is not within 0-23
                    0 0 0 * *     | day of month: '0' is not within 1-31
                    0 0 * 13 *    | month: '13' is not within 1-12
                    0 0 * * 8     | day of week: '8' is not within 0-7
                    0 0 * * 5-2   | day of week: '5-2' goes backwards
                    */0 * * * *   | minute: '*/0' has a step of 0
                    1/2/3 * * * * | minute: '1/2/3' has two steps
                    1-2-3 * * * * | minute: '1-2-3' is no range
                    a * * * *     | minute: 'a' is no number
                    0 0 * foo *   | month: 'foo' is no number or name
                    1,,2 * * * *  | minute: '' is no number
                    0 0 30 2 *    | is never due
                    """)
    void saysWhatIsWrong(String text, String words) {
        assertThatThrownBy(() -> Cron.parse(text, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
