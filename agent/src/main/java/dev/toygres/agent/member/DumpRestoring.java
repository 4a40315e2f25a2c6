package dev.toygres.agent.member;

import dev.toygres.agent.backup.Dumps;
import dev.toygres.agent.backup.Dumps.Piece;
import dev.toygres.agent.member.Dumping.DumpedRole;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder.RestoreDump;
import dev.toygres.agentapi.BackupResult.DumpRestored;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/**
 * Brings databases of a dump into a member. What is in a dump is somebody's code: it runs as a role
 * that is a member of the owner and of nothing else, so that it cannot become more than the owner.
 */
final class DumpRestoring {
    private static final Duration SESSION = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofDays(3);

    private final Ground ground;
    private final Member member;

    DumpRestoring(Ground ground, Member member) {
        this.ground = ground;
        this.member = member;
    }

    DumpRestored restore(RestoreDump order, Dumps dumps, Progress progress) {
        var began = System.nanoTime();
        var manifest =
                dumps.find(order.label())
                        .orElseThrow(() -> new OrderFailed("there is no dump " + order.label()));
        if (manifest.dump().postgresMajor() > member.known().postgresMajor()) {
            throw new OrderFailed(
                    "the dump is of Postgres %d, this is %d: older"
                            .formatted(
                                    manifest.dump().postgresMajor(),
                                    member.known().postgresMajor()));
        }
        var wished = wished(order, manifest.dump().databases());
        as("roles are not made", statement -> restorer(statement, order.owner()));
        manifest.pieces().stream()
                .filter(piece -> piece.database().isEmpty())
                .forEach(piece -> roles(dumps, piece));
        var warnings = new ArrayList<String>();
        for (var piece : manifest.pieces()) {
            if (piece.database().filter(wished::contains).isPresent()) {
                var name = piece.database().get();
                progress.report((double) warnings.size() / 1000, "restores " + name);
                prepare(order, name);
                ground.crash().reached("dump: database made");
                warnings.addAll(pgRestore(dumps, piece, name));
            }
        }
        return new DumpRestored(
                wished, warnings, Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    private static List<String> wished(RestoreDump order, List<String> there) {
        var missing = order.databases().stream().filter(one -> !there.contains(one)).toList();
        if (!missing.isEmpty()) {
            throw new OrderFailed("not in the dump: " + String.join(", ", missing));
        }
        return order.databases().isEmpty() ? there : order.databases();
    }

    private interface Sentence {
        void say(Statement statement) throws SQLException;
    }

    private void as(String what, Sentence sentence) {
        var ignored =
                member.sql()
                        .asSuperuser(
                                SESSION,
                                what,
                                statement -> {
                                    statement.execute("SET log_statement = 'none'");
                                    statement.execute("SET log_min_error_statement = 'panic'");
                                    sentence.say(statement);
                                    return true;
                                });
    }

    /** As this role somebody else's statements are run: it can become the owner, and no more. */
    static void restorer(Statement statement, String owner) throws SQLException {
        var role = Sql.RESTORER;
        var quoted = statement.enquoteIdentifier(owner, true);
        statement.execute("DROP ROLE IF EXISTS " + role);
        statement.execute("CREATE ROLE " + role + " LOGIN IN ROLE " + quoted);
        statement.execute("ALTER ROLE " + role + " SET role = " + quoted);
    }

    /** Those that are missing; whoever is there keeps the password. */
    private void roles(Dumps dumps, Piece piece) {
        var roles =
                dumps.read(
                        piece,
                        stream ->
                                AgentJson.mapper()
                                        .readValue(
                                                stream, new TypeReference<List<DumpedRole>>() {}));
        as(
                "roles are not made",
                statement -> {
                    for (var role : roles) {
                        role(statement, role);
                    }
                    for (var role : roles) {
                        memberships(statement, role);
                    }
                });
    }

    private static void role(Statement statement, DumpedRole role) throws SQLException {
        if (exists(statement, "pg_roles", "rolname", role.name())) {
            return;
        }
        var password =
                role.verifier()
                        .filter(verifier -> verifier.startsWith("SCRAM-SHA-256$"))
                        .map(verifier -> " PASSWORD " + literal(verifier))
                        .orElse("");
        statement.execute(
                "CREATE ROLE "
                        + statement.enquoteIdentifier(role.name(), true)
                        + (role.login() ? " LOGIN" : " NOLOGIN")
                        + (role.createDatabases() ? " CREATEDB" : "")
                        + (role.inherit() ? " INHERIT" : " NOINHERIT")
                        + password);
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Of the roles of Postgres itself only those that owners hand out. */
    private static void memberships(Statement statement, DumpedRole role) throws SQLException {
        for (var group : role.memberOf()) {
            var plain = !group.startsWith("pg_") && !group.startsWith("toygres_");
            if (plain && exists(statement, "pg_roles", "rolname", group)) {
                statement.execute(
                        "GRANT "
                                + statement.enquoteIdentifier(group, true)
                                + " TO "
                                + statement.enquoteIdentifier(role.name(), true));
            }
        }
    }

    private static boolean exists(Statement statement, String table, String column, String name)
            throws SQLException {
        var query = "SELECT FROM " + table + " WHERE " + column + " = " + literal(name);
        try (var rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private void prepare(RestoreDump order, String database) {
        as(
                "database " + database + " is not made",
                statement -> {
                    var name = statement.enquoteIdentifier(database, true);
                    var there = exists(statement, "pg_database", "datname", database);
                    if (there && !order.replace()) {
                        requireEmpty(database);
                    }
                    if (there && order.replace()) {
                        statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
                    }
                    if (!there || order.replace()) {
                        statement.execute(
                                "CREATE DATABASE "
                                        + name
                                        + " OWNER "
                                        + statement.enquoteIdentifier(order.owner(), true));
                    }
                });
    }

    private void requireEmpty(String database) {
        var query =
                """
                SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'toygres', 'pg_toast')
                """;
        try (var connection = member.sql().connect(Sql.SUPERUSER, database, SESSION);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            if (rows.getInt(1) > 0) {
                throw new OrderFailed(
                        "database " + database + " is not empty: replace it, or restore elsewhere");
            }
        } catch (SQLException cause) {
            throw new OrderFailed("nothing is known of database " + database, cause);
        }
    }

    /**
     * 1 means that it went on after errors, which are shown; or that it never began: then nothing
     * is there.
     */
    private List<String> pgRestore(Dumps dumps, Piece piece, String database) {
        var program =
                ground.installations().bin(member.known().postgresMajor()).resolve("pg_restore");
        var command =
                List.of(
                        program.toString(),
                        "--no-password",
                        "--no-owner",
                        "--no-tablespaces",
                        "--dbname=" + conninfo(database));
        var environment = new LinkedHashMap<>(environment());
        // Its words are looked at.
        environment.put("LC_ALL", "C");
        var process = ground.tools().started(LONGEST, command, environment);
        var said = new Words(process.getErrorStream());
        var listened = feed(dumps, piece, process);
        try {
            var code = process.waitFor();
            if (!listened || code > 1 || (code == 1 && !wentOn(said.all()))) {
                said.requireGood(process, "pg_restore of " + database + " failed");
                throw new OrderFailed("the stream to pg_restore of " + database + " broke");
            }
            return said.all().stream().filter(line -> !line.isBlank()).toList();
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new OrderFailed("interrupted while " + database + " was restored");
        }
    }

    private static boolean wentOn(List<String> said) {
        return said.stream().anyMatch(line -> line.contains("errors ignored on restore"));
    }

    private static String conninfo(String database) {
        return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** Whether it took everything; if not, it says itself why. */
    private static boolean feed(Dumps dumps, Piece piece, Process process) {
        try (var to = process.getOutputStream()) {
            var length = dumps.read(piece, (InputStream from) -> from.transferTo(to));
            if (length != piece.plainBytes()) {
                process.destroyForcibly();
                throw new OrderFailed("the dump is cut off");
            }
            return true;
        } catch (OrderFailed damaged) {
            process.destroyForcibly();
            throw damaged;
        } catch (IOException | UncheckedIOException broken) {
            return false;
        }
    }

    private Map<String, String> environment() {
        var all = new LinkedHashMap<>(member.archiving().environment());
        all.put("PGPORT", String.valueOf(member.known().port()));
        all.put("PGUSER", Sql.RESTORER);
        return all;
    }
}
