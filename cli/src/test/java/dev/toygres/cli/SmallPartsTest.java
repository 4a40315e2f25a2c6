package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

class SmallPartsTest {
    @ParameterizedTest
    @CsvSource({
        "300ms, PT0.3S",
        "90s, PT1M30S",
        "10m, PT10M",
        "2h, PT2H",
        "7d, PT168H",
        "PT5S, PT5S"
    })
    void timesAreReadAsPeopleWriteThem(String text, Duration time) {
        assertThat(new Durations().convert(text)).isEqualTo(time);
    }

    @Test
    void noTimeIsSaidToBeNone() {
        assertThatThrownBy(() -> new Durations().convert("soon"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("90s");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 kB", "1610612736, 1.5 GB"})
    void sizesAreReadable(long bytes, String words) {
        assertThat(Output.bytes(bytes)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"PT5S, 5s", "PT3M, 3m", "PT30H, 30h", "PT72H, 3d"})
    void agesAreShort(Duration span, String words) {
        assertThat(Output.words(span)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0, ........................",
        "0.5, ############............",
        "7, ########################"
    })
    void barsAreNeverTooLong(double progress, String bar) {
        assertThat(Progress.bar(progress)).isEqualTo("[" + bar + "]");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1048576, 1048576",
        "16MB, 16777216",
        "16 mb, 16777216",
        "512kB, 524288",
        "2GB, 2147483648"
    })
    void bytesAreReadWithUnits(String text, long count) {
        assertThat(new Bytes().convert(text)).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"much", "-1", "1.5MB", "16EB", "99999999999TB", ""})
    void whatAreNoBytesIsRefused(String text) {
        assertThatThrownBy(() -> new Bytes().convert(text)).hasMessageContaining("16MB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-29T16:18:20Z",
                "2026-11-29 16:18:20",
                "2026-11-29T16:18:20",
                "2026-11-29 16:18:20+00",
                "2026-11-29 16:18:20.000+00",
                "2026-11-29 17:48:20+01:30",
                "2026-11-29T17:18:20+0100",
                "2026-11-29 16:18:20 UTC"
            })
    void timesAreReadAsPsqlPrintsThem(String text) {
        assertThat(new Times().convert(text)).isEqualTo(Instant.parse("2026-11-29T16:18:20Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-29", "2026-13-01 00:00:00", "16:18"})
    void whatIsNoTimeIsRefused(String text) {
        assertThatThrownBy(() -> new Times().convert(text)).hasMessageContaining("(UTC)");
    }

    @ParameterizedTest
    @CsvSource({"PT10S, 10s", "PT0.5S, 500ms", "PT1M, 1m", "PT24H, 1d", "PT0S, 0s", "PT90S, 90s"})
    void durationsArePrintedAsTheyAreTyped(String iso, String text) {
        assertThat(Durations.text(Duration.parse(iso))).isEqualTo(text);
        assertThat(Durations.in("must be from " + iso + " to PT1M"))
                .isEqualTo("must be from " + text + " to 1m");
        assertThat(new Durations().convert(text)).isEqualTo(Duration.parse(iso));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P", "PT", "P9", "PT5", "P1DT", "PT5X", "HTTP1D", "rule P52"})
    void whatOnlyLooksLikeADurationIsLeftAlone(String words) {
        assertThat(Durations.in(words)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "create, replicas[0].replicaId, --replica",
        "create, replicas, --replicas",
        "replica add, replicaId, REPLICA",
        "replica add, replicaConfig.copyBytesPerSecond, --copy-rate",
        "backup schedule, fullBackupCron, --full",
        "backup schedule, config.storage.path, --path",
        "backup schedule, config.retention.dailyRetentionDays, --keep-days",
        "backup schedule, config.storage.kind, config.storage.kind",
        "notification set, targets[1].secret, --secret-file",
        "params set, applyMode.at, --at",
        "restore, pointInTime, --at",
        "restore, target.confirmDestructive, --yes",
        "failover, options.syncTimeout, --sync-timeout",
        "health-config, maxEligibleLagBytes, --max-eligible-lag"
    })
    void fieldsAreCalledAsTheyWereTyped(String command, String field, String name) {
        assertThat(OptionNames.of(field, spec(command))).isEqualTo(name);
    }

    @Test
    void messagesSpeakOfOptionsToo() {
        var schedule = spec("backup schedule");

        assertThat(
                        OptionNames.in(
                                "config.storage.credentialsRef: no; https://a.b/maxLagBytes",
                                schedule))
                .isEqualTo(
                        "--credentials (config.storage.credentialsRef): no;"
                                + " https://a.b/maxLagBytes");
        assertThat(OptionNames.in("its maxLagBytes is 1; fullBackupCron too", schedule))
                .isEqualTo("its --max-lag is 1; --full too");
        assertThat(OptionNames.in("config.storage.kind acceptDataLossBytes", schedule))
                .isEqualTo("config.storage.kind acceptDataLossBytes");
    }

    private static CommandSpec spec(String command) {
        var options = new GlobalOptions();
        var at = Main.commandLine(new Session(Surroundings.ofThisProcess(), options), options);
        for (String word : command.split(" ", -1)) {
            at = Objects.requireNonNull(at.getSubcommands().get(word), word);
        }
        return at.getCommandSpec();
    }
}
