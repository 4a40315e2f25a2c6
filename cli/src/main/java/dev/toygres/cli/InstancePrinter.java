package dev.toygres.cli;

import dev.toygres.api.Address;
import dev.toygres.api.Endpoints;
import dev.toygres.api.Instance;
import dev.toygres.api.Replica;
import java.util.List;

/** Instances as text. */
final class InstancePrinter {
    private InstancePrinter() {}

    static void print(List<Instance> instances, Output output) {
        if (instances.isEmpty()) {
            output.line("No instances. Make one: toygres create ID");
            return;
        }
        var table =
                new Table("ID", "STATE", "HEALTH", "POSTGRES", "SIZE", "HOST", "ENDPOINT", "AGE");
        for (var instance : instances) {
            table.row(
                    instance.id(),
                    instance.state(),
                    instance.health(),
                    instance.postgresVersion(),
                    instance.size(),
                    instance.host().orElse(""),
                    instance.endpoints()
                            .map(Endpoints::readWrite)
                            .map(InstancePrinter::words)
                            .orElse(""),
                    output.age(instance.createdAt()));
        }
        table.print(output);
    }

    static void print(Instance instance, Output output) {
        var facts =
                Table.facts()
                        .row("Id", instance.id())
                        .row("State", instance.state())
                        .row("Health", instance.health())
                        .row("Postgres", instance.postgresVersion())
                        .row("Size", instance.size())
                        .row("Primary", instance.primary().orElse(""))
                        .row("Host", instance.host().orElse(""))
                        .row("Region", instance.region().orElse(""))
                        .row("Zone", instance.availabilityZone().orElse(""))
                        .row("Term", instance.term())
                        .row("Database", instance.database())
                        .row("Owner", instance.owner())
                        .row("Durability", durability(instance))
                        .row(
                                "Reads",
                                instance.readOnlyFallback()
                                        ? "replicas, else primary"
                                        : "replicas only")
                        .row("If cut off", instance.isolationPolicy())
                        .row("Protected", instance.deletionProtection() ? "yes" : "no")
                        .row("Created", instance.createdAt());
        instance.endpoints()
                .ifPresent(
                        endpoints ->
                                facts.row("Read-write", words(endpoints.readWrite()))
                                        .row("Read-only", words(endpoints.readOnly()))
                                        .row("Pooled", words(endpoints.pooled())));
        instance.operation().ifPresent(operation -> facts.row("Operation", operation));
        instance.failure().ifPresent(failure -> facts.row("Trouble", failure));
        instance.failoverRisk().ifPresent(risk -> facts.row("If it is lost", risk.message()));
        facts.row("Without servers", instance.ifServersDied());
        facts.print(output);
        if (!instance.replicas().isEmpty()) {
            output.line("");
            ReplicaPrinter.print(instance.replicas(), output);
        }
    }

    /** Strict is a promise about Sync replicas: where there is none, nobody is waited for. */
    private static String durability(Instance instance) {
        return instance.durability()
                + (hasSync(instance) ? "" : " (no sync replica: commits on one host)");
    }

    private static boolean hasSync(Instance instance) {
        return instance.replicas().stream().anyMatch(InstancePrinter::isSync);
    }

    private static boolean isSync(Replica replica) {
        return replica.replicationMode().equals("Sync");
    }

    /** Synchronous commits end with the last Sync replica, whatever the durability. */
    static void warnOfLastSync(Instance before, String replicaId, Output output) {
        List<String> sync =
                before.replicas().stream()
                        .filter(InstancePrinter::isSync)
                        .map(Replica::id)
                        .toList();
        if (sync.equals(List.of(replicaId))) {
            output.note(
                    "Warning: %s was the last sync replica: commits of %s no longer wait for another host, though its durability is %s"
                            .formatted(replicaId, before.id(), before.durability()));
        }
    }

    static String words(Address address) {
        return address.host() + ":" + address.port();
    }
}
