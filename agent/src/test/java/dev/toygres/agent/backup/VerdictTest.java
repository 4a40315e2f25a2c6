package dev.toygres.agent.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupResult.Content;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VerdictTest {
    /** The last one before the hole is sound: rows in it can be restored. */
    @Test
    void aHoleIsNamedByItsFirstSegmentAndNotByTheLastGoodOne() {
        var verdict =
                new Verdict(
                        archive("0000000100000000000000FE", "000000010000000100000001"),
                        (_, _) -> {});

        assertThat(verdict.pronounce(Duration.ZERO).faults())
                .singleElement()
                .satisfies(
                        fault -> {
                            assertThat(fault.label()).isEmpty();
                            assertThat(fault.file()).isEqualTo("0000000100000000000000FF");
                            assertThat(fault.words()).contains("000000010000000100000001");
                        });
    }

    @Test
    void segmentsOfTwoLogsFollowEachOther() {
        var verdict =
                new Verdict(
                        archive("0000000100000000000000FF", "000000010000000100000000"),
                        (_, _) -> {});

        assertThat(verdict.pronounce(Duration.ZERO).faults()).isEmpty();
    }

    private static Content archive(String... segments) {
        var files =
                List.of(segments).stream()
                        .map(one -> "15-1/%s-%s.zst".formatted(one, "0".repeat(40)))
                        .toList();
        return new Content(
                Optional.empty(),
                List.of(),
                Inventory.ranges(files),
                List.of(),
                List.of(),
                List.of());
    }
}
