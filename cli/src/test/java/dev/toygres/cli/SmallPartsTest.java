package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
}
