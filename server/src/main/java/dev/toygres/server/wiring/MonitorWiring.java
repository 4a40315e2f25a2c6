package dev.toygres.server.wiring;

import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.host.Hosts;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.server.monitor.DeskInventory;
import dev.toygres.server.monitor.Housekeeping;
import dev.toygres.server.monitor.Inventory;
import dev.toygres.server.monitor.OperationMetrics;
import dev.toygres.server.monitor.ProductMetrics;
import dev.toygres.store.access.IdempotencyKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics, and what is done now and then. */
@Configuration(proxyBeanMethods = false)
public class MonitorWiring {

    @Bean
    Inventory inventory(Instances instances, Hosts hosts, Operations operations) {
        return new DeskInventory(instances, hosts, operations);
    }

    @Bean
    ProductMetrics productMetrics(Inventory inventory, MeterRegistry registry) {
        var metrics = new ProductMetrics(inventory, registry);
        metrics.every(Duration.ofSeconds(10));
        return metrics;
    }

    /** For the engine to tell. */
    @Bean
    OperationMetrics operationMetrics(Operations operations, MeterRegistry registry) {
        return new OperationMetrics(operations, registry);
    }

    @Bean
    Housekeeping housekeeping(IdempotencyKeys keys) {
        var housekeeping = new Housekeeping(keys);
        housekeeping.every(Duration.ofMinutes(10));
        return housekeeping;
    }
}
