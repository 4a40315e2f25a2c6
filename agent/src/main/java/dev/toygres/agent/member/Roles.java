package dev.toygres.agent.member;

import dev.toygres.agentapi.Order.CreateMember;
import dev.toygres.agentapi.Passphrase;
import dev.toygres.model.Secret;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Roles, database and the pooler's lookup function of a new instance. Every statement may be
 * repeated. Only verifiers are ever sent, never passwords.
 */
final class Roles {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String WRONG_PASSWORD = "28P01";
    private static final int CREATEROLE_IS_TAME_SINCE = 16;
    private static final int CHECKPOINT_ROLE_SINCE = 15;

    private final Sql sql;
    private final Passwords passwords;
    private final CreateMember order;

    Roles(Sql sql, Passwords passwords, CreateMember order) {
        this.sql = sql;
        this.passwords = passwords;
        this.order = order;
        checkNames();
    }

    private void checkNames() {
        for (var name : List.of(order.owner(), order.database())) {
            if (name.isEmpty() || name.length() > 63 || name.indexOf(0) >= 0) {
                throw new OrderFailed("not a name for a role or database: '" + name + "'");
            }
        }
        var owner = order.owner();
        if (owner.equals(Sql.SUPERUSER)
                || owner.startsWith("toygres_")
                || owner.startsWith("pg_")
                || owner.equals("public")
                || owner.equals("none")) {
            throw new OrderFailed("the name is taken by Postgres or toygres: " + owner);
        }
        if (Set.of("template0", "template1").contains(order.database())) {
            throw new OrderFailed("the name is taken by Postgres: " + order.database());
        }
    }

    /**
     * @param template the superuser's password in a fresh copy of the template
     */
    void make(Secret template) throws SQLException {
        try (var connection = login(template)) {
            makeRoles(connection);
            makeLookup(connection);
            try (var templateDatabase = connect(passwords.superuser(), "template1")) {
                makeLookup(templateDatabase);
            }
            makeDatabase(connection);
        }
    }

    private Connection login(Secret template) throws SQLException {
        try {
            return connect(passwords.superuser(), "postgres");
        } catch (SQLException refused) {
            if (!WRONG_PASSWORD.equals(refused.getSQLState())) {
                throw refused;
            }
            return connect(template, "postgres");
        }
    }

    private Connection connect(Secret password, String database) throws SQLException {
        var connection = sql.connect(Sql.SUPERUSER, password, database, LIMIT);
        try (var statement = connection.createStatement()) {
            statement.execute("SET log_statement = 'none'");
            statement.execute("SET log_min_error_statement = 'panic'");
            statement.execute("SET log_min_duration_statement = -1");
        }
        return connection;
    }

    private void makeRoles(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            tameCreaterole(statement);
            role(statement, Sql.SUPERUSER, "LOGIN SUPERUSER", verifier(passwords.superuser()));
            role(statement, Sql.MONITOR, "LOGIN", verifier(passwords.monitor()));
            statement.execute("GRANT pg_monitor TO " + Sql.MONITOR);
            role(
                    statement,
                    "toygres_replicator",
                    "LOGIN REPLICATION",
                    verifier(passwords.replicator()));
            role(statement, "toygres_pooler", "LOGIN", order.poolerVerifier());
            makeOwner(statement);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void makeOwner(Statement statement) throws SQLException {
        role(
                statement,
                order.owner(),
                "LOGIN CREATEDB CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS",
                order.ownerVerifier());
        var granted =
                order.postgresMajor() >= CHECKPOINT_ROLE_SINCE
                        ? "pg_monitor, pg_signal_backend, pg_checkpoint"
                        : "pg_monitor, pg_signal_backend";
        statement.execute(
                "GRANT "
                        + granted
                        + " TO "
                        + quoted(statement, order.owner())
                        + " WITH ADMIN OPTION");
    }

    /**
     * Before Postgres 16, CREATEROLE may grant every role that is not a superuser, also those that
     * run programs and read files as the server: a way to superuser. As superusers that cannot log
     * in, they can be granted by superusers only.
     */
    private void tameCreaterole(Statement statement) throws SQLException {
        if (order.postgresMajor() < CREATEROLE_IS_TAME_SINCE) {
            statement.execute(
                    """
                    UPDATE pg_catalog.pg_authid SET rolsuper = true
                    WHERE NOT rolsuper AND rolname IN
                      ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files')
                    """);
        }
    }

    private static void role(Statement statement, String name, String rights, String verifier)
            throws SQLException {
        var known =
                exists(
                        statement,
                        "SELECT FROM pg_roles WHERE rolname = " + statement.enquoteLiteral(name));
        statement.execute(
                (known ? "ALTER ROLE " : "CREATE ROLE ")
                        + quoted(statement, name)
                        + " WITH "
                        + rights
                        + " PASSWORD "
                        + statement.enquoteLiteral(checked(verifier)));
    }

    /** Anything else would be taken for a password in plain text. */
    private static String checked(String verifier) {
        if (!verifier.startsWith("SCRAM-SHA-256$")) {
            throw new OrderFailed("not a SCRAM-SHA-256 verifier");
        }
        return verifier;
    }

    private static String verifier(Secret password) {
        return Passphrase.verifier(password);
    }

    /**
     * PgBouncer asks here for verifiers, in the database that a client wants; never superusers'.
     */
    private static void makeLookup(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE SCHEMA IF NOT EXISTS toygres;
                    REVOKE ALL ON SCHEMA toygres FROM PUBLIC;
                    GRANT USAGE ON SCHEMA toygres TO toygres_pooler;
                    CREATE OR REPLACE FUNCTION toygres.pooler_lookup(
                        wanted text, OUT role_name text, OUT verifier text)
                    RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER
                    SET search_path = pg_catalog, pg_temp
                    AS $$
                      SELECT rolname::text, rolpassword FROM pg_catalog.pg_authid
                      WHERE rolname = wanted AND rolcanlogin AND NOT rolsuper AND NOT rolreplication
                        AND NOT starts_with(rolname, 'toygres_')
                        AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
                    $$;
                    REVOKE ALL ON FUNCTION toygres.pooler_lookup(text) FROM PUBLIC;
                    GRANT EXECUTE ON FUNCTION toygres.pooler_lookup(text) TO toygres_pooler;
                    """);
        }
    }

    /** Its schema public belongs to its owner, and to nobody else: the rule since Postgres 15. */
    private void makeDatabase(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            var name = order.database();
            var query = "SELECT FROM pg_database WHERE datname = " + statement.enquoteLiteral(name);
            var owner = quoted(statement, order.owner());
            if (exists(statement, query)) {
                statement.execute(
                        "ALTER DATABASE " + quoted(statement, name) + " OWNER TO " + owner);
            } else {
                statement.execute("CREATE DATABASE " + quoted(statement, name) + " OWNER " + owner);
            }
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static String quoted(Statement statement, String name) throws SQLException {
        return statement.enquoteIdentifier(name, true);
    }
}
