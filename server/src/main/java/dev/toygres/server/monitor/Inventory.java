package dev.toygres.server.monitor;

import java.util.Map;

/** What there is, counted. */
public interface Inventory {

    Counts count();

    /** Labels are few and known: states and types, never ids. */
    record Counts(
            Map<InstanceLabels, Long> instances,
            Map<OperationLabels, Long> operations,
            Map<String, Long> hosts) {}

    record InstanceLabels(String state, String health) {}

    record OperationLabels(String type, String state) {}
}
