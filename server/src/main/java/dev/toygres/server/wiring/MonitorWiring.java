package dev.toygres.server.wiring;

import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.alert.Alerts;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.orchestrations.host.Hosts;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.server.monitor.DeskInventory;
import dev.toygres.server.monitor.Every;
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
    Inventory inventory(
            Instances instances,
            Hosts hosts,
            Operations operations,
            Alerts alerts,
            Notifications notifications) {
        return new DeskInventory(instances, hosts, operations, alerts, notifications);
    }

    @Bean
    ProductMetrics productMetrics(Inventory inventory, MeterRegistry registry) {
        return new ProductMetrics(inventory, registry);
    }

    @Bean
    Every counting(ProductMetrics metrics) {
        return Every.start("metrics", Duration.ofSeconds(10), metrics::look);
    }

    /** For the engine to tell. */
    @Bean
    OperationMetrics operationMetrics(Operations operations, MeterRegistry registry) {
        return new OperationMetrics(operations, registry);
    }

    /** Forgets answers whose day is over. Any number of servers may do so at once. */
    @Bean
    Every housekeeping(IdempotencyKeys keys) {
        return Every.start("housekeeping", Duration.ofMinutes(10), keys::expire);
    }
}
