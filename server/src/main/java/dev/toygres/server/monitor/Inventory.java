package dev.toygres.server.monitor;

import java.util.Map;

/** What there is, counted. */
public interface Inventory {

    Counts count();

    /**
     * Labels are few: states, types and names of notification targets, never ids.
     *
     * @param alerts unresolved ones, by severity/state
     * @param failures of notification targets, in a row
     */
    record Counts(
            Map<InstanceLabels, Long> instances,
            Map<OperationLabels, Long> operations,
            Map<String, Long> hosts,
            Map<String, Long> alerts,
            Map<String, Long> failures) {}

    record InstanceLabels(String state, String health) {}

    record OperationLabels(String type, String state) {}
}
