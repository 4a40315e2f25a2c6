package dev.toygres.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FailureLimitTest {
    private final AtomicReference<Instant> time =
            new AtomicReference<>(Instant.parse("2026-11-01T10:00:00Z"));
    private final FailureLimit limit = new FailureLimit(2, Duration.ofMinutes(1), time::get);

    private void fail(String source, int times) {
        for (int i = 0; i < times; i++) {
            limit.failed(source);
        }
    }

    @Test
    void pausesAfterTooManyAndUntilTheWindowEnds() {
        fail("192.0.2.1", 1);
        assertThat(limit.pause("192.0.2.1")).isEmpty();
        fail("192.0.2.1", 1);

        assertThat(limit.pause("192.0.2.1")).hasValue(Duration.ofMinutes(1));
        assertThat(limit.pause("192.0.2.2")).isEmpty();
        time.set(time.get().plusSeconds(60));
        assertThat(limit.pause("192.0.2.1")).isEmpty();
        fail("192.0.2.1", 1);
        assertThat(limit.pause("192.0.2.1")).as("a new window").isEmpty();
    }

    @Test
    void aWholeIpv6NetworkIsOneSource() {
        fail("2001:db8:1:2:3:4:5:6", 1);
        fail("2001:db8:1:2:ffff:0:0:1", 1);

        assertThat(limit.pause("2001:db8:1:2:0:0:0:9")).isPresent();
        assertThat(limit.pause("2001:db8:1:3:0:0:0:9")).isEmpty();
    }

    @Test
    void forgetsTheQuietestWhenThereAreTooMany() {
        fail("first", 2);
        for (int i = 0; i < 10_000; i++) {
            fail("other-" + i, 1);
        }

        assertThat(limit.pause("first")).isEmpty();
    }
}
