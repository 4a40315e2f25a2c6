package dev.toygres.cli;

import dev.toygres.api.Address;
import dev.toygres.api.Credentials;
import dev.toygres.api.Member;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How to log in to an instance, taken apart from what the server gave.
 *
 * @param sslMode how sure the client makes itself that it talks to the right server
 */
record Login(String host, int port, String user, String password, String database, String sslMode) {
    private static final Pattern URI =
            Pattern.compile("postgres(?:ql)?://(?:[^@/]*@)?([^:/@]+|\\[[^]]+])(?::(\\d+))?/.*");

    /** We have its authority, so nobody else can pass himself off as the server. */
    private static final String SSL_MODE = "verify-full";

    static Login readWrite(Credentials credentials) {
        return at(credentials, credentials.connectionString());
    }

    static Login pooled(Credentials credentials) {
        return at(credentials, credentials.pooledConnectionString());
    }

    private static Login at(Credentials credentials, String uri) {
        var parts = URI.matcher(uri);
        if (!parts.matches()) {
            throw new CommandFailed(
                    ExitCode.FAILED, "the server gave a connection string that is none");
        }
        return new Login(
                URLDecoder.decode(parts.group(1), StandardCharsets.UTF_8),
                parts.group(2) == null ? 5432 : Integer.parseInt(parts.group(2)),
                credentials.username(),
                credentials.password(),
                credentials.database(),
                SSL_MODE);
    }

    /** The same login at another address. */
    Login at(Address address) {
        return new Login(address.host(), address.port(), user, password, database, sslMode);
    }

    /** For libpq, without the password. */
    String libpq(String caFile) {
        return "postgresql://%s@%s:%d/%s?sslmode=%s&sslrootcert=%s"
                .formatted(user, host, port, database, sslMode, caFile);
    }

    /** For pgjdbc, without the password. */
    String jdbc(String caFile) {
        return "jdbc:postgresql://%s:%d/%s?user=%s&sslmode=%s&sslrootcert=%s"
                .formatted(host, port, database, user, sslMode, caFile);
    }

    /** For libpq: it asks the members one after the other who fits. */
    String libpq(String caFile, List<Member> members, String attributes) {
        return "postgresql://%s@%s/%s?target_session_attrs=%s&connect_timeout=3&sslmode=%s&sslrootcert=%s"
                .formatted(user, hosts(members), database, attributes, sslMode, caFile);
    }

    /** For pgjdbc, likewise. */
    String jdbc(String caFile, List<Member> members, String type) {
        return "jdbc:postgresql://%s/%s?user=%s&targetServerType=%s&connectTimeout=3&sslmode=%s&sslrootcert=%s"
                .formatted(hosts(members), database, user, type, sslMode, caFile);
    }

    private static String hosts(List<Member> members) {
        return members.stream()
                .map(one -> one.host() + ":" + one.port())
                .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port + "/" + database;
    }
}
