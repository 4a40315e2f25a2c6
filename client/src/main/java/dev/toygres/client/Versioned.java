package dev.toygres.client;

/**
 * Something as it was read, with the ETag that an update of it must present.
 *
 * @param etag for {@code If-Match}: the update is refused if somebody else changed it meanwhile
 */
public record Versioned<T>(T value, String etag) {}
