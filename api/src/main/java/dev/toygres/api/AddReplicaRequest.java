package dev.toygres.api;

import java.util.Optional;

/**
 * POST /instances/{id}/replicas.
 *
 * @param replicaId a DNS label of at most 40 characters, unique among all members
 * @param replicaConfig default: like the primary, Async, on any host
 */
public record AddReplicaRequest(String replicaId, Optional<ReplicaConfig> replicaConfig) {}
