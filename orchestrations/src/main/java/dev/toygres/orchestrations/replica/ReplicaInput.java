package dev.toygres.orchestrations.replica;

/** What the flows of a replica are given: all else stands in the catalogue. */
public record ReplicaInput(String instanceId, String replicaId) {}
