package dev.toygres.server.wiring;

import dev.toygres.durable.CatalogueOperations;
import dev.toygres.durable.Engine;
import dev.toygres.durable.OperationFeed;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.Desks;
import dev.toygres.orchestrations.alert.AlertDesk;
import dev.toygres.orchestrations.alert.Alerts;
import dev.toygres.orchestrations.alert.NotificationDesk;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.orchestrations.alert.Notifier;
import dev.toygres.orchestrations.alert.OverdueAlarm;
import dev.toygres.orchestrations.backup.Backups;
import dev.toygres.orchestrations.drill.Drills;
import dev.toygres.orchestrations.failover.Failovers;
import dev.toygres.orchestrations.health.HealthWatch;
import dev.toygres.orchestrations.health.HostPulse;
import dev.toygres.orchestrations.health.Monitors;
import dev.toygres.orchestrations.host.HostDesk;
import dev.toygres.orchestrations.host.Hosts;
import dev.toygres.orchestrations.host.HttpAgents;
import dev.toygres.orchestrations.host.Installation;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.orchestrations.instance.JdbcEndpointQuery;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.orchestrations.lease.LeaseKeeper;
import dev.toygres.orchestrations.parameter.Parameters;
import dev.toygres.orchestrations.replica.Replicas;
import dev.toygres.orchestrations.restore.Restores;
import dev.toygres.orchestrations.secret.Secrets;
import dev.toygres.server.monitor.Absence;
import dev.toygres.server.monitor.Every;
import dev.toygres.server.monitor.OperationMetrics;
import dev.toygres.server.operation.Nudges;
import dev.toygres.server.options.MasterKey;
import dev.toygres.server.options.ServerOptions;
import dev.toygres.store.Catalogue;
import dev.toygres.store.CatalogueIncarnations;
import dev.toygres.store.SecretStore;
import dev.toygres.store.access.AuditLog;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The desks, the flows, the engine that runs them, and the watch over the hosts. */
@Configuration(proxyBeanMethods = false)
public class DeskWiring {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_ALERTS = Duration.ofSeconds(2);
    private static final Duration LOOK_FOR_NEWS = Duration.ofMillis(500);
    private static final Duration FORGET = Duration.ofHours(1);

    @Bean
    SecretStore secretStore(ServerOptions options) {
        return new SecretStore(MasterKey.read(options.masterKeyFile()));
    }

    @Bean
    Vault vault(Catalogue catalogue, SecretStore secrets) {
        return new Vault(catalogue, secrets);
    }

    @Bean
    Installation installation(Catalogue catalogue, SecretStore secrets) {
        return Installation.of(catalogue, secrets);
    }

    @Bean(destroyMethod = "close")
    HttpAgents agents(Catalogue catalogue, Installation installation) {
        return new HttpAgents(catalogue, installation);
    }

    @Bean
    Operations operations(Catalogue catalogue, InstantSource clock) {
        return new CatalogueOperations(catalogue.dataSource(), clock, new CatalogueIncarnations());
    }

    @Bean
    Desks desks(
            Catalogue catalogue,
            Vault vault,
            HttpAgents agents,
            Operations operations,
            InstantSource clock) {
        return Desks.of(catalogue, vault, agents, operations, new JdbcEndpointQuery(), clock);
    }

    @Bean
    Instances instances(Desks desks) {
        return desks.instances();
    }

    @Bean
    Replicas replicas(Desks desks) {
        return desks.replicas();
    }

    @Bean
    Failovers failovers(Desks desks) {
        return desks.failovers();
    }

    @Bean
    Parameters parameters(Desks desks) {
        return desks.parameters();
    }

    @Bean
    Backups backups(Desks desks) {
        return desks.backups();
    }

    @Bean
    Drills drills(Desks desks) {
        return desks.drills();
    }

    @Bean
    Restores restores(Desks desks) {
        return desks.restores();
    }

    @Bean
    Secrets secrets(Desks desks) {
        return desks.secrets();
    }

    @Bean
    Hosts hosts(Catalogue catalogue, Installation installation, InstantSource clock) {
        return new HostDesk(catalogue, installation, clock);
    }

    @Bean
    Alerts alerts(Catalogue catalogue) {
        return new AlertDesk(catalogue);
    }

    @Bean(destroyMethod = "close")
    Notifier notifier(Catalogue catalogue, SecretStore secrets, InstantSource clock) {
        return new Notifier(catalogue, secrets, clock);
    }

    @Bean
    Notifications notifications(Catalogue catalogue, SecretStore secrets, Notifier notifier) {
        return new NotificationDesk(catalogue, secrets, notifier);
    }

    /** Runs every flow of this release. */
    @Bean(initMethod = "start", destroyMethod = "close")
    Engine engine(Catalogue catalogue, Desks desks, OperationMetrics metrics) {
        return Engine.on(catalogue.dataSource(), desks.flows())
                .listener(new OverdueAlarm(catalogue, metrics))
                .worksWhile(desks.standing()::isFit)
                .build();
    }

    @Bean(destroyMethod = "close")
    OperationFeed changes(Catalogue catalogue) {
        return new OperationFeed(catalogue.dataSource());
    }

    @Bean
    Nudges nudges(OperationFeed changes) {
        return (id, changed) -> {
            OperationFeed.Subscription subscription = changes.subscribe(id, changed);
            return subscription::close;
        };
    }

    @Bean
    Absence absence(Desks desks) {
        return desks.standing()::reason;
    }

    @Bean
    Monitors monitors(Desks desks) {
        return desks.monitors();
    }

    /** Hears all hosts at once, and tells who watches them. */
    @Bean(destroyMethod = "close")
    HostPulse hostPulse(Catalogue catalogue, HttpAgents agents, Desks desks) {
        return new HostPulse(catalogue, agents, desks.watch(), desks.health()::heard);
    }

    @Bean(destroyMethod = "close")
    Every listening(HostPulse pulse) {
        return Every.start("listening", LOOK, pulse::look);
    }

    @Bean(destroyMethod = "close")
    Every backupWatch(Desks desks) {
        return Every.start(
                "backup-watch", LOOK, desks.standing().whileFit(desks.backupWatch()::look));
    }

    @Bean(destroyMethod = "close")
    LeaseKeeper leaseKeeper(Desks desks) {
        return desks.leases().start();
    }

    @Bean(destroyMethod = "close")
    Every drillWatch(Desks desks) {
        return Every.start(
                "drill-watch",
                LOOK_FOR_ALERTS,
                desks.standing().whileFit(desks.drillWatch()::look));
    }

    @Bean(destroyMethod = "close")
    Every hostWatch(Desks desks) {
        return Every.start("host-watch", LOOK, desks.standing().whileFit(desks.watch()::reconcile));
    }

    @Bean(destroyMethod = "close")
    HealthWatch healthWatch(Desks desks) {
        return desks.health();
    }

    @Bean(destroyMethod = "close")
    Every watching(HealthWatch health) {
        return Every.start("health-watch", LOOK, health::tick);
    }

    @Bean(destroyMethod = "close")
    Every alertWatch(Desks desks) {
        return Every.start(
                "alert-watch", LOOK_FOR_ALERTS, desks.standing().whileFit(desks.alerts()::look));
    }

    @Bean(destroyMethod = "close")
    Every notifying(Notifier notifier) {
        return Every.start("notifier", LOOK_FOR_NEWS, notifier::look);
    }

    @Bean(destroyMethod = "close")
    Every forgetting(Notifier notifier) {
        return Every.start("forget-alerts", FORGET, notifier::prune);
    }

    @Bean(destroyMethod = "close")
    Every forgettingDeeds(AuditLog audit, ServerOptions options) {
        return Every.start("forget-audit", FORGET, () -> audit.prune(options.auditRetention()));
    }
}
