package dev.toygres.orchestrations.backup;

/** What the flows of one backup are given: all else stands in the catalogue. */
public record BackupInput(String instanceId, String backupId) {}
