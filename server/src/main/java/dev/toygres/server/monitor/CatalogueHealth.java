package dev.toygres.server.monitor;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Without the catalogue nothing can be done, so without it the server is not ready. */
public final class CatalogueHealth implements HealthIndicator {
    private final Probe probe;

    public CatalogueHealth(Probe probe) {
        this.probe = probe;
    }

    @Override
    public Health health() {
        try {
            return probe.answers() ? Health.up().build() : Health.down().build();
        } catch (Exception e) {
            return Health.down(e).build();
        }
    }

    /** Asks the catalogue for a sign of life. */
    public interface Probe {
        boolean answers() throws Exception;
    }
}
