package dev.toygres.api;

import java.util.List;

/** GET /instances/{id}/health: the last check of each member, the primary first. */
public record InstanceHealth(String instanceId, List<HealthCheck> members) {}
