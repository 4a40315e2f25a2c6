package dev.toygres.model.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.model.Refused;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R3.2-R3.6, S2. */
class HealthMonitorConfigTest {
    private static final HealthMonitorConfig USUAL = HealthMonitorConfig.DEFAULT;

    @Test
    void whatAnInstanceHasFromTheBeginningIsGood() {
        assertThat(USUAL.faults()).isEmpty();
        assertThat(USUAL.slowestDetection()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void allFaultsAreToldAtOnceAndEachNamesItsRule() {
        var wrong =
                new HealthMonitorConfig(
                        Duration.ofMillis(500),
                        0,
                        Duration.ofSeconds(2),
                        -1,
                        Optional.of(" "),
                        false,
                        Duration.ofDays(2),
                        61,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10));

        assertThat(wrong.faults())
                .extracting(Refused.FieldFault::field)
                .containsExactlyInAnyOrder(
                        "failureThreshold",
                        "checkTimeout",
                        "maxEligibleLagBytes",
                        "customCheck",
                        "cooldown",
                        "failoversPerHour",
                        "restartTimeout");
        assertThatThrownBy(wrong::checked)
                .isInstanceOf(Refused.class)
                .hasMessageContaining("checks never pile up")
                .hasMessageContaining("renewal < self-fence < expiry < earliest promotion");
    }

    @Test
    void timesThatNoMachineCanKeepAreRefused() {
        var hasty =
                new HealthMonitorConfig(
                        Duration.ofMillis(1),
                        1,
                        Duration.ofMillis(1),
                        0,
                        Optional.empty(),
                        false,
                        Duration.ZERO,
                        0,
                        Duration.ofMillis(10),
                        Duration.ofMillis(10));

        assertThat(hasty.faults())
                .extracting(Refused.FieldFault::field)
                .containsExactlyInAnyOrder(
                        "checkInterval", "checkTimeout", "leaseTtl", "restartTimeout");
    }
}
