package dev.toygres.server.fakes;

import dev.toygres.server.monitor.CatalogueHealth;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Fakes in the place of catalogue, engine and desks. */
@Configuration(proxyBeanMethods = false)
public class FakeWiring {

    @Bean
    Outage outage() {
        return new Outage();
    }

    @Bean
    FakeAbsence absence() {
        return new FakeAbsence();
    }

    @Bean
    FakeTokens tokens(Outage outage) {
        return new FakeTokens(outage);
    }

    @Bean
    FakeAuditLog auditLog(Outage outage) {
        return new FakeAuditLog(outage);
    }

    @Bean
    FakeIdempotencyKeys idempotencyKeys() {
        return new FakeIdempotencyKeys();
    }

    @Bean
    FakeOperations operations(Outage outage) {
        return new FakeOperations(outage);
    }

    @Bean
    FakeReplicas replicas(FakeOperations operations) {
        return new FakeReplicas(operations);
    }

    @Bean
    FakeFailovers failovers(FakeReplicas replicas, FakeOperations operations) {
        return new FakeFailovers(replicas, operations);
    }

    @Bean
    FakeParameters parameters(FakeOperations operations) {
        return new FakeParameters(operations);
    }

    @Bean
    FakeInstances instances(FakeReplicas replicas, FakeOperations operations) {
        return new FakeInstances(replicas, operations);
    }

    @Bean
    FakeAlerts alerts() {
        return new FakeAlerts();
    }

    @Bean
    FakeNotifications notifications() {
        return new FakeNotifications();
    }

    @Bean
    FakeMonitors monitors() {
        return new FakeMonitors();
    }

    @Bean
    FakeBackups backups(FakeOperations operations) {
        return new FakeBackups(operations);
    }

    @Bean
    FakeDrills drills(FakeOperations operations) {
        return new FakeDrills(operations);
    }

    @Bean
    FakeRestores restores(FakeOperations operations) {
        return new FakeRestores(operations);
    }

    @Bean
    FakeSecrets secrets() {
        return new FakeSecrets();
    }

    @Bean
    FakeHosts hosts() {
        return new FakeHosts();
    }

    @Bean("catalogueHealthIndicator")
    CatalogueHealth catalogueHealth(Outage outage) {
        return new CatalogueHealth(
                () -> {
                    outage.check();
                    return true;
                });
    }
}
