package dev.toygres.orchestrations.endpoint;

/** Whose addresses are not served. */
public record EndpointInput(String instanceId) {}
