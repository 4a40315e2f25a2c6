package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** P4, P36: what becomes a directory, a DNS label and an application_name is checked once, here. */
class NameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "pg-prod-1", "a1", "abcdefghijabcdefghijabcdefghijabcdefghij"})
    void takesDnsLabels(String name) {
        assertThat(Name.fault(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "1a",
                "A",
                "a_b",
                "a.b",
                "a/b",
                "../a",
                "a b",
                "a\n",
                "ä",
                "a'b",
                "abcdefghijabcdefghijabcdefghijabcdefghijk"
            })
    void refusesEverythingElseInWords(String name) {
        assertThat(Name.fault(name)).get().asString().startsWith("must ");
        assertThatThrownBy(() -> new InstanceId(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("instance id must ");
    }
}
