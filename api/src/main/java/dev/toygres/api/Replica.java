package dev.toygres.api;

import java.util.Optional;

/** A replica of an instance, never the primary. */
public record Replica(
        String id,
        String state,
        String replicationMode,
        Optional<Long> replicationLagMs,
        Optional<Long> replicationLagBytes,
        boolean promotable,
        String region,
        String availabilityZone) {}
