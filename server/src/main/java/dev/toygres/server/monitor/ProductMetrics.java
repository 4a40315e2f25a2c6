package dev.toygres.server.monitor;

import dev.toygres.durable.Operation;
import dev.toygres.server.monitor.Inventory.Counts;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics with product meaning, counted from the catalogue every few seconds. Every server counts
 * the whole catalogue: take the maximum over servers, not the sum.
 */
public final class ProductMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProductMetrics.class);
    private static final int REMEMBERED = 10_000;

    private final Inventory inventory;
    private final MeterRegistry registry;
    private final MultiGauge instances;
    private final MultiGauge operations;
    private final MultiGauge hosts;
    private final AtomicInteger catalogueUp = new AtomicInteger();
    private final Instant begin;
    private final Map<String, Boolean> timed =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            };
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("metrics").factory());

    public ProductMetrics(Inventory inventory, MeterRegistry registry, InstantSource clock) {
        this.inventory = inventory;
        this.registry = registry;
        this.begin = clock.instant();
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
        registry.gauge("toygres.catalogue.up", catalogueUp);
    }

    public void every(Duration interval) {
        var _ =
                timer.scheduleWithFixedDelay(
                        this::look, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Counts once. Without a catalogue nothing is known, so nothing is shown. */
    void look() {
        try {
            show(inventory.count());
            inventory.operationsOfLate().forEach(this::time);
            catalogueUp.set(1);
        } catch (RuntimeException e) {
            catalogueUp.set(0);
            show(new Counts(Map.of(), Map.of(), Map.of()));
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
    }

    private static <K> List<Row<?>> rows(
            Map<K, Long> counts, java.util.function.Function<K, Tags> tags) {
        return counts.entrySet().stream()
                .<Row<?>>map(entry -> Row.of(tags.apply(entry.getKey()), entry.getValue()))
                .toList();
    }

    /** Each operation once, when it has ended since this server started. */
    private void time(Operation operation) {
        if (operation.state().isFinal()
                && operation.completedAt().filter(end -> end.isAfter(begin)).isPresent()
                && timed.put(operation.id(), true) == null) {
            registry.timer(
                            "toygres.operation.duration",
                            "type",
                            operation.type(),
                            "outcome",
                            operation.state().name())
                    .record(
                            Duration.between(
                                    operation.createdAt(), operation.completedAt().orElseThrow()));
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
