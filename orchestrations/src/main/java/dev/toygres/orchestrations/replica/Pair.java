package dev.toygres.orchestrations.replica;

/** A replica and its primary: what the orders to both need. */
record Pair(
        String instanceId,
        long term,
        String primaryId,
        String primaryHost,
        String replicaId,
        String replicaHost,
        String slot) {}
