package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SizeSettingsTest {

    @ParameterizedTest
    @EnumSource
    void aMemberNeverPromisesMoreThanItsMemory(Size size) {
        Map<String, String> settings = SizeSettings.of(size);

        int buffers = number(settings, "shared_buffers", "MB");
        int connections = number(settings, "max_connections", "");
        long sorting = (long) number(settings, "work_mem", "kB") * connections / 1024;
        int upkeep = number(settings, "maintenance_work_mem", "MB");
        assertThat(buffers + sorting + upkeep).isLessThanOrEqualTo(size.memoryMegabytes());
    }

    @ParameterizedTest
    @EnumSource
    void everySizeTakesAPoolOfConnections(Size size) {
        assertThat(number(SizeSettings.of(size), "max_connections", "")).isBetween(50, 500);
    }

    private static int number(Map<String, String> settings, String name, String unit) {
        String value = settings.getOrDefault(name, "");
        assertThat(value).endsWith(unit);
        return Integer.parseInt(value.substring(0, value.length() - unit.length()));
    }
}
