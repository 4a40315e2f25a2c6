package dev.toygres.orchestrations.endpoint;

/**
 * Where they are served now.
 *
 * @param hostId the same as before when its host was back already
 */
public record EndpointOutcome(String instanceId, String hostId) {}
