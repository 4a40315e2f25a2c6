package dev.toygres.orchestrations.failover;

/** What a failover ends with. */
public record FailoverOutcome(
        String instanceId, String failoverId, String primary, long term, long interruptionMs) {}
