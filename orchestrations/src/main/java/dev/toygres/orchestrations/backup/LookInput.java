package dev.toygres.orchestrations.backup;

/** Into whose store to look. */
public record LookInput(String instanceId, String repositoryId) {}
