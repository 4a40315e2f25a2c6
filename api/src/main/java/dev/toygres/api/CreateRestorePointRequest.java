package dev.toygres.api;

/**
 * POST /instances/{id}/restore-points.
 *
 * @param name letters, digits and hyphens; at most 40
 */
public record CreateRestorePointRequest(String name) {}
