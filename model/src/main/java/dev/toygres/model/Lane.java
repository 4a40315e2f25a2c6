package dev.toygres.model;

/**
 * Orders to a member are numbered per lane, so that a long backup is not refused because a probe
 * came later.
 */
public enum Lane {
    topology,
    backup,
    monitor
}
