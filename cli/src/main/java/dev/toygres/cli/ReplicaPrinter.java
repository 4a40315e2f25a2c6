package dev.toygres.cli;

import dev.toygres.api.Replica;
import java.util.List;
import java.util.Optional;

/** Replicas as text. */
final class ReplicaPrinter {
    private ReplicaPrinter() {}

    static void print(List<Replica> replicas, Output output) {
        var table =
                new Table(
                        "REPLICA",
                        "STATE",
                        "MODE",
                        "LAG",
                        "BEHIND",
                        "PRIORITY",
                        "SIZE",
                        "HOST",
                        "ZONE",
                        "TROUBLE");
        for (var replica : replicas) {
            table.row(
                    replica.id(),
                    replica.state(),
                    replica.replicationMode(),
                    bytes(replica.replicationLagBytes()),
                    milliseconds(replica.replicationLagMs()),
                    replica.promotable() && replica.priority() > 0 ? replica.priority() : "never",
                    replica.size(),
                    replica.host(),
                    replica.availabilityZone(),
                    replica.trouble().orElse(""));
        }
        table.print(output);
    }

    static void print(Replica replica, Output output) {
        var facts =
                Table.facts()
                        .row("Id", replica.id())
                        .row("State", replica.state())
                        .row("Mode", replica.replicationMode())
                        .row("Lag", bytes(replica.replicationLagBytes()))
                        .row("Behind", milliseconds(replica.replicationLagMs()))
                        .row("Lagging from", replica.maxLagBytes().map(Output::bytes).orElse(""))
                        .row("Promotable", replica.promotable() ? "yes" : "never")
                        .row("Priority", replica.priority())
                        .row("Size", replica.size())
                        .row("Host", replica.host())
                        .row("Region", replica.region())
                        .row("Zone", replica.availabilityZone());
        replica.trouble().ifPresent(trouble -> facts.row("Trouble", trouble));
        facts.print(output);
    }

    private static String bytes(Optional<Long> count) {
        return count.map(Output::bytes).orElse("");
    }

    private static String milliseconds(Optional<Long> count) {
        return count.map(ms -> ms + " ms").orElse("");
    }
}
