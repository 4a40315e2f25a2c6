package dev.toygres.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Size;
import dev.toygres.model.parameter.Combinations.Finding;
import dev.toygres.model.parameter.ParameterDefinition.Reading;
import dev.toygres.model.parameter.Profiles.Formula;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.42-R5.47. */
class ProfilesTest {
    static Stream<Arguments> everyProfileOnEverySize() {
        return Arrays.stream(Profile.values())
                .flatMap(
                        profile ->
                                Arrays.stream(Size.values())
                                        .map(size -> Arguments.of(profile, size)));
    }

    private static ProfileChoice choice(Profile profile) {
        return new ProfileChoice(profile, Optional.empty(), 4, 100_000);
    }

    @ParameterizedTest
    @MethodSource("everyProfileOnEverySize")
    void promisesNoMoreThanTheMemberHas(Profile profile, Size size) {
        Map<String, String> settings =
                MemberSettings.of(
                        size, size, new ParameterSet(Optional.of(choice(profile)), Map.of()));
        var known = new HashMap<>(settings);
        known.keySet().retainAll(Some.definitions().keySet());

        assertThat(
                        Combinations.of(
                                Some.definitions(),
                                known,
                                new Combinations.Member(
                                        "m", size.memoryMegabytes(), 65_536, 0, false)))
                .extracting(Finding::words)
                .isEmpty();
        known.forEach(
                (name, value) ->
                        assertThat(Some.definitions().get(name))
                                .satisfies(
                                        one ->
                                                assertThat(
                                                                java.util.Objects.requireNonNull(
                                                                                one)
                                                                        .read(value))
                                                        .isInstanceOf(Reading.Value.class)));
    }

    @Test
    void everyFormulaIsExplainedAndSourced() {
        for (Profile profile : Profile.values()) {
            assertThat(Profiles.formulas(choice(profile), Size.medium))
                    .extracting(Formula::why)
                    .noneMatch(String::isBlank);
            assertThat(Profiles.formulas(choice(profile), Size.medium))
                    .extracting(Formula::source)
                    .allMatch(source -> source.startsWith("https://"));
        }
    }

    @Test
    void followsTheSizeUnlessToldNotTo() {
        ProfileChoice fixed = new ProfileChoice(Profile.Oltp, Optional.of(Size.small), 4, 100_000);

        assertThat(Profiles.settings(choice(Profile.Oltp), Size.large))
                .containsEntry("shared_buffers", "4096MB");
        assertThat(Profiles.settings(fixed, Size.large)).containsEntry("shared_buffers", "256MB");
    }

    @Test
    void aProfileStartsOverForWhatItHasFormulasForAndKeepsTheRest() {
        ParameterSet before =
                new ParameterSet(
                        Optional.empty(), Map.of("work_mem", "9MB", "statement_timeout", "1min"));
        ParameterRequest request =
                new ParameterRequest(
                        Map.of("jit", Optional.of("off")),
                        Optional.of(choice(Profile.Oltp)),
                        Optional.empty(),
                        java.util.List.of(),
                        Optional.empty());

        assertThat(request.applyTo(before, Size.small).values())
                .containsOnly(Map.entry("statement_timeout", "1min"), Map.entry("jit", "off"));
    }

    /** A failover to a member of another size changes none of the five. */
    @Test
    void hotStandbySettingsAreThoseOfTheInstanceOnEveryMember() {
        Map<String, String> small = MemberSettings.of(Size.large, Size.nano, ParameterSet.NONE);
        Map<String, String> large = MemberSettings.of(Size.large, Size.xlarge, ParameterSet.NONE);

        assertThat(small).containsEntry("max_connections", "500");
        assertThat(large).containsEntry("max_connections", "500");
        assertThat(small).containsEntry("shared_buffers", "64MB");
    }
}
