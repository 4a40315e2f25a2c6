package dev.toygres.orchestrations.backup;

/** A restore point that is wished for. */
public record PointInput(String instanceId, String name) {}
