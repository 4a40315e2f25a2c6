package dev.toygres.server.monitor;

import dev.toygres.server.monitor.Inventory.Counts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics with product meaning, counted from the catalogue every few seconds. Every server counts
 * the whole catalogue: take the maximum over servers, not the sum.
 */
public final class ProductMetrics {
    private static final Logger LOG = LoggerFactory.getLogger(ProductMetrics.class);

    private final Inventory inventory;
    private final MultiGauge instances;
    private final MultiGauge operations;
    private final MultiGauge hosts;
    private final MultiGauge alerts;
    private final MultiGauge failures;
    private final AtomicInteger catalogueUp = new AtomicInteger();

    public ProductMetrics(Inventory inventory, MeterRegistry registry) {
        this.inventory = inventory;
        instances =
                MultiGauge.builder("toygres.instances")
                        .description("Instances by state and health")
                        .register(registry);
        operations =
                MultiGauge.builder("toygres.operations")
                        .description("Unfinished operations by type and state")
                        .register(registry);
        hosts =
                MultiGauge.builder("toygres.hosts")
                        .description("Hosts by state")
                        .register(registry);
        alerts =
                MultiGauge.builder("toygres.alerts")
                        .description("Unresolved alerts by severity and state")
                        .register(registry);
        failures =
                MultiGauge.builder("toygres.notification.failures")
                        .description("Attempts in a row that failed, by notification target")
                        .register(registry);
        registry.gauge("toygres.catalogue.up", catalogueUp);
    }

    /** Counts once. Without a catalogue nothing is known, so nothing is shown. */
    public void look() {
        try {
            show(inventory.count());
            catalogueUp.set(1);
        } catch (RuntimeException e) {
            catalogueUp.set(0);
            show(new Counts(Map.of(), Map.of(), Map.of(), Map.of(), Map.of()));
            LOG.warn("cannot count what there is: {}", e.toString());
        }
    }

    private void show(Counts counts) {
        instances.register(
                rows(
                        counts.instances(),
                        labels -> Tags.of("state", labels.state(), "health", labels.health())),
                true);
        operations.register(
                rows(
                        counts.operations(),
                        labels -> Tags.of("type", labels.type(), "state", labels.state())),
                true);
        hosts.register(rows(counts.hosts(), state -> Tags.of("state", state)), true);
        alerts.register(rows(counts.alerts(), ProductMetrics::severityAndState), true);
        failures.register(rows(counts.failures(), target -> Tags.of("target", target)), true);
    }

    private static Tags severityAndState(String both) {
        String[] parts = both.split("/", 2);
        return Tags.of("severity", parts[0], "state", parts[1]);
    }

    private static <K> List<Row<?>> rows(Map<K, Long> counts, Function<K, Tags> tags) {
        return counts.entrySet().stream()
                .<Row<?>>map(entry -> Row.of(tags.apply(entry.getKey()), entry.getValue()))
                .toList();
    }
}
