package dev.toygres.agent.member;

import dev.toygres.agentapi.Order.CreateMember;
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
    private static final int CREATEROLE_IS_TAME_SINCE = 16;
    private static final int CHECKPOINT_ROLE_SINCE = 15;

    private final Sql sql;
    private final CreateMember order;

    Roles(Sql sql, CreateMember order) {
        this.sql = sql;
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

    void make() throws SQLException {
        try (var connection = connect("postgres")) {
            makeRoles(connection);
            makeLookup(connection);
            try (var templateDatabase = connect("template1")) {
                makeLookup(templateDatabase);
            }
            makeDatabase(connection);
        }
    }

    private Connection connect(String database) throws SQLException {
        var connection = sql.connect(Sql.SUPERUSER, database, LIMIT);
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
            roleWithoutPassword(statement, Sql.SUPERUSER, "LOGIN SUPERUSER");
            roleWithoutPassword(statement, Sql.MONITOR, "LOGIN");
            statement.execute("GRANT pg_monitor TO " + Sql.MONITOR);
            role(statement, Sql.REPLICATOR, "LOGIN REPLICATION", order.replicatorVerifier());
            letRewind(statement);
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

    /**
     * What pg_rewind needs at its source without a superuser, as its manual says; and a checkpoint,
     * because before Postgres 16 it takes the timeline from the last one.
     */
    private void letRewind(Statement statement) throws SQLException {
        statement.execute(
                """
                GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean) TO toygres_replicator;
                GRANT EXECUTE ON FUNCTION pg_stat_file(text, boolean) TO toygres_replicator;
                GRANT EXECUTE ON FUNCTION pg_read_binary_file(text) TO toygres_replicator;
                GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean)
                  TO toygres_replicator;
                """);
        if (order.postgresMajor() >= CHECKPOINT_ROLE_SINCE) {
            statement.execute("GRANT pg_checkpoint TO toygres_replicator");
        }
    }

    /** Only the agent's key lets in as one of these. */
    private static void roleWithoutPassword(Statement statement, String name, String rights)
            throws SQLException {
        create(statement, name);
        statement.execute("ALTER ROLE " + name + " WITH " + rights + " PASSWORD NULL");
    }

    private static void create(Statement statement, String name) throws SQLException {
        var query = "SELECT FROM pg_roles WHERE rolname = " + statement.enquoteLiteral(name);
        if (!exists(statement, query)) {
            statement.execute("CREATE ROLE " + quoted(statement, name));
        }
    }

    private static void role(Statement statement, String name, String rights, String verifier)
            throws SQLException {
        create(statement, name);
        statement.execute(
                "ALTER ROLE "
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
