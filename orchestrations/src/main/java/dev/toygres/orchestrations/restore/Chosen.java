package dev.toygres.orchestrations.restore;

/**
 * From which backup, and along which timeline.
 *
 * @param label what the engine calls the backup
 * @param timeline a number, or {@code current} for a backup as it is
 */
record Chosen(String backupId, String label, String timeline, String words) {}
