package dev.toygres.agent.member;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Upstream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Connections to a member of this host: from the agent's address, over TLS, by its own key. */
record Sql(Address address, MemberHome home, SuperuserSession session) {
    static final String SUPERUSER = "postgres";
    static final String MONITOR = "toygres_monitor";

    /** Member of an owner while a dump is restored as that owner. */
    static final String RESTORER = "toygres_restorer";

    static final String REPLICATOR = "toygres_replicator";

    /**
     * What users may set for every session, and is ours to choose in our own: nothing that an owner
     * puts into public may be found before the system's own, and no limit that is meant for queries
     * of theirs may end what keeps the server going. For drivers and programs alike, as PGOPTIONS.
     */
    static final String OPTIONS =
            Stream.of(
                            "search_path=pg_catalog",
                            "statement_timeout=0",
                            "lock_timeout=0",
                            "idle_in_transaction_session_timeout=0",
                            "idle_session_timeout=0",
                            "default_transaction_read_only=off")
                    .map(one -> "-c " + one)
                    .collect(Collectors.joining(" "));

    /** What is done with a connection. */
    @FunctionalInterface
    interface Work<T> {
        T in(Statement statement) throws SQLException;
    }

    Connection connect(String role, String database, Duration limit) throws SQLException {
        var properties = properties(role, home, limit);
        properties.setProperty("sslcert", home.accessCertificate().toString());
        properties.setProperty("sslkey", home.accessKey().toString());
        properties.setProperty("localSocketAddress", address.host());
        return DriverManager.getConnection(url(address, database), properties);
    }

    /** The member of another host that this one gets its WAL from, as the replication role. */
    static Connection connect(Upstream upstream, MemberHome home, Duration limit)
            throws SQLException {
        var properties = properties(upstream.user(), home, limit);
        properties.setProperty("password", upstream.password());
        return DriverManager.getConnection(url(upstream.address(), "postgres"), properties);
    }

    private static Properties properties(String role, MemberHome home, Duration limit) {
        var seconds = String.valueOf(Math.max(1, limit.toSeconds()));
        var properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", home.authority().toString());
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("socketFactory", HastySockets.class.getName());
        properties.setProperty("ApplicationName", "toygres-agent");
        properties.setProperty("options", OPTIONS);
        return properties;
    }

    /** One conversation as superuser; the words say what did not work. */
    <T> T asSuperuser(Duration limit, String what, Work<T> work) {
        try {
            return session.use(this, limit, work);
        } catch (SQLException cause) {
            throw new OrderFailed(what + ": " + cause.getMessage(), cause);
        }
    }

    /** The same in a new session, which shows that the postmaster has read its settings. */
    <T> T asNewSuperuser(Duration limit, String what, Work<T> work) {
        try (var connection = connect(SUPERUSER, "postgres", limit);
                var statement = connection.createStatement()) {
            return work.in(statement);
        } catch (SQLException cause) {
            throw new OrderFailed(what + ": " + cause.getMessage(), cause);
        }
    }

    private static String url(Address address, String database) {
        var host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        return "jdbc:postgresql://" + host + ":" + address.port() + "/" + database;
    }
}
