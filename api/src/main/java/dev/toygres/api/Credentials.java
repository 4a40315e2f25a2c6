package dev.toygres.api;

/** GET /instances/{id}/credentials: own permission, audited. */
public record Credentials(
        String username,
        String password,
        String database,
        String connectionString,
        String pooledConnectionString,
        String caCertificate) {
    /** Records get into logs; this one without its secrets. */
    @Override
    public String toString() {
        return "Credentials[" + username + ", ***]";
    }
}
