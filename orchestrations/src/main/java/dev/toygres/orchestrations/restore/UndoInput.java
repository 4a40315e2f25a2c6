package dev.toygres.orchestrations.restore;

/** Which restore is to be undone. */
public record UndoInput(String instanceId, String restoreId) {}
