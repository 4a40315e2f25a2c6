package dev.toygres.orchestrations.replica;

/** What the flows of a replica end with. */
public record ReplicaOutcome(String instanceId, String replicaId) {}
