package dev.toygres.api;

import java.util.Optional;

/**
 * Where backups go. One instance has a place for itself alone.
 *
 * @param kind Local
 * @param path of a Local: a directory that every host sees under the same path
 */
public record BackupStorage(String kind, Optional<String> path) {}
