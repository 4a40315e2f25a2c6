package dev.toygres.orchestrations.instance;

/** What every flow of an instance is given: all else stands in the catalogue. */
public record InstanceInput(String instanceId) {}
