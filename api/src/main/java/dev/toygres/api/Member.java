package dev.toygres.api;

/**
 * A Postgres of an instance, where it listens by itself. Whoever connects there, past the
 * endpoints, has to find the primary on his own, and is not cut off by a failover before the old
 * primary is fenced.
 *
 * @param role primary or replica, as of now
 */
public record Member(String id, String role, String host, int port) {}
