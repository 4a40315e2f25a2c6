package dev.toygres.model.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.backup.BackupSchedule.Due;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R4.31, D11. */
class BackupScheduleTest {
    private static final BackupSchedule SCHEDULE =
            new BackupSchedule(cron("0 2 * * 0"), Optional.of(cron("0 2 * * *")));

    private static Cron cron(String text) {
        return Cron.parse(text, ZoneOffset.UTC);
    }

    private static Due due(String looked, String now) {
        return SCHEDULE.due(Instant.parse(looked), Instant.parse(now));
    }

    @Test
    void nothingIsDueBeforeItsTime() {
        assertThat(due("2026-01-01T03:00:00Z", "2026-01-02T01:59:59Z"))
                .isEqualTo(new Due.NotBefore(Instant.parse("2026-01-02T02:00:00Z")));
        assertThat(SCHEDULE.next(Instant.parse("2026-01-01T03:00:00Z")))
                .contains(Instant.parse("2026-01-02T02:00:00Z"));
    }

    @Test
    void anIncrementalIsDueAtItsMinute() {
        assertThat(due("2026-01-01T03:00:00Z", "2026-01-02T02:00:00Z"))
                .isEqualTo(
                        new Due.Now(BackupKind.Incremental, Instant.parse("2026-01-02T02:00:00Z")));
    }

    @Test
    void aFullOneAtTheSameMinuteRunsAlone() {
        assertThat(due("2026-01-03T03:00:00Z", "2026-01-04T02:00:00Z"))
                .isEqualTo(new Due.Now(BackupKind.Full, Instant.parse("2026-01-04T02:00:00Z")));
    }

    @Test
    void whatWasMissedIsMadeUpForOnce() {
        assertThat(due("2026-01-04T03:00:00Z", "2026-01-08T12:00:00Z"))
                .isEqualTo(
                        new Due.Now(BackupKind.Incremental, Instant.parse("2026-01-05T02:00:00Z")));
        assertThat(due("2026-01-01T03:00:00Z", "2026-01-08T12:00:00Z"))
                .as("a full one among them is the one")
                .isEqualTo(new Due.Now(BackupKind.Full, Instant.parse("2026-01-02T02:00:00Z")));
    }
}
