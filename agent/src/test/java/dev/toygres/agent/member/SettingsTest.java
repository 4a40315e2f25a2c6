package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who is let in. */
final class SettingsTest {
    /** pg_restore was turned away on every host but the first, and a dump restored as nothing. */
    @Test
    void programsOfAnAgentOnAnotherLoopbackAddressComeFromTheFirst() {
        assertThat(Settings.access("127.0.0.2"))
                .contains("hostssl all postgres,toygres_restorer 127.0.0.1/32 cert");
        assertThat(Settings.access("127.0.0.1"))
                .doesNotContain("hostssl all postgres,toygres_restorer 127.0.0.1/32");
        assertThat(Settings.access("10.0.0.7")).doesNotContain("127.0.0.1");
    }
}
