package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.0/8, 127.200.3.4, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "10.1.16.0/20, 10.1.31.255, true",
        "10.1.16.0/20, 10.1.32.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "0.0.0.0/0, 9.9.9.9, true",
        "fd00::/8, fd12::1, true",
        "fd00::/8, 10.0.0.1, false",
        "10.0.0.0/8, db.example.org, false"
    })
    void containsWhatSharesItsBits(String range, String address, boolean contained) {
        assertThat(AddressRange.parse(range).contains(address)).isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(strings = {"db.example.org/8", "10.0.0.0/33", "10.0.0.0/x", "10.0.0.0/", ""})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isWrittenAsItIsRead() {
        assertThat(AddressRange.parse("10.1.2.3")).hasToString("10.1.2.3/32");
    }
}
