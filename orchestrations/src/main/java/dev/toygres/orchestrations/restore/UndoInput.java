package dev.toygres.orchestrations.restore;

/** Which restore is to be undone, and where the instance archives. */
public record UndoInput(String instanceId, String restoreId, String repositoryId) {}
