package dev.toygres.agent.member;

import dev.toygres.agent.backup.Dumps;
import dev.toygres.agent.backup.Dumps.Manifest;
import dev.toygres.agent.backup.Dumps.Piece;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder.EstimateDump;
import dev.toygres.agentapi.BackupOrder.TakeDump;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.DumpSize;
import dev.toygres.agentapi.BackupResult.DumpTaken;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Logical backups: pg_dump of each database, streamed, and the roles. */
final class Dumping {
    private static final Duration SESSION = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofDays(3);

    /** The pooler's way in is in every database already, and no owner may replace it. */
    private static final String NOT_OURS = "--exclude-schema=toygres";

    private final Ground ground;
    private final Member member;

    Dumping(Ground ground, Member member) {
        this.ground = ground;
        this.member = member;
    }

    private List<String> databases(List<String> wished) {
        var there =
                strings(
                        "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate"
                                + " AND datname <> 'postgres' ORDER BY 1");
        var missing = wished.stream().filter(one -> !there.contains(one)).toList();
        if (!missing.isEmpty()) {
            throw new OrderFailed("there are no such databases: " + String.join(", ", missing));
        }
        return wished.isEmpty() ? there : wished;
    }

    private List<String> strings(String query) {
        return member.sql()
                .asSuperuser(
                        SESSION,
                        "databases are not known",
                        statement -> {
                            var found = new ArrayList<String>();
                            try (var rows = statement.executeQuery(query)) {
                                while (rows.next()) {
                                    found.add(rows.getString(1));
                                }
                            }
                            return found;
                        });
    }

    DumpSize estimate(EstimateDump order) {
        var sizes = new LinkedHashMap<String, Long>();
        for (var database : databases(order.databases())) {
            sizes.put(database, tableBytes(database));
        }
        return new DumpSize(sizes);
    }

    private long tableBytes(String database) {
        var query =
                """
                SELECT coalesce(sum(pg_table_size(c.oid)), 0)::bigint
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                """;
        try (var connection = member.sql().connect(Sql.SUPERUSER, database, SESSION);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException cause) {
            throw new OrderFailed("the size of " + database + " is not known", cause);
        }
    }

    DumpTaken take(TakeDump order, Dumps dumps, Progress progress) {
        var known = dumps.find(order.label());
        if (known.isPresent()) {
            return new DumpTaken(known.get().dump(), true);
        }
        var began = Instant.now();
        dumps.begin(order.label());
        ground.crash().reached("dump: begun");
        var pieces = new ArrayList<Piece>();
        if (order.roles()) {
            pieces.add(roles(order, dumps));
        }
        var databases = databases(order.databases());
        for (var database : databases) {
            pieces.add(database(order, database, pieces.size(), dumps, progress));
            ground.crash().reached("dump: database stored");
        }
        var manifest = new Manifest(dump(order, databases, pieces, began), pieces);
        dumps.finish(manifest);
        ground.crash().reached("dump: finished");
        return new DumpTaken(manifest.dump(), false);
    }

    private Dump dump(TakeDump order, List<String> databases, List<Piece> pieces, Instant began) {
        var sums = new StringBuilder();
        pieces.forEach(piece -> sums.append(piece.sha256()));
        return new Dump(
                order.label(),
                began,
                Instant.now(),
                member.known().postgresMajor(),
                databases,
                order.schemaOnly(),
                order.roles(),
                pieces.stream().mapToLong(Piece::plainBytes).sum(),
                pieces.stream().mapToLong(Piece::storedBytes).sum(),
                order.repository().passphrase().isPresent(),
                HexFormat.of().formatHex(sha256(sums.toString())),
                order.annotations());
    }

    private static byte[] sha256(String text) {
        return Dumps.sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    private Piece roles(TakeDump order, Dumps dumps) {
        var roles = member.sql().asSuperuser(SESSION, "roles are not known", DumpedRole::all);
        var json = AgentJson.mapper().writeValueAsBytes(roles);
        return dumps.store(order.label(), "roles", Optional.empty(), to -> to.write(json));
    }

    private Piece database(
            TakeDump order, String database, int number, Dumps dumps, Progress progress) {
        var expected = Math.max(1, order.schemaOnly() ? 1 : tableBytes(database));
        return dumps.store(
                order.label(),
                "database-" + number,
                Optional.of(database),
                to ->
                        pgDump(
                                order,
                                database,
                                to,
                                bytes ->
                                        progress.report(
                                                Math.min(0.99, (double) bytes / expected),
                                                "dumped %d of about %d bytes of %s"
                                                        .formatted(bytes, expected, database))));
    }

    private interface Bytes {
        void seen(long count);
    }

    /** Whole only if it ends with 0: else the object must not be completed. */
    private void pgDump(TakeDump order, String database, OutputStream to, Bytes bytes)
            throws IOException {
        var process = ground.tools().started(LONGEST, command(order), environment(database));
        var errors = new Words(process.getErrorStream());
        process.getOutputStream().close();
        try (var from = process.getInputStream()) {
            var buffer = new byte[1 << 16];
            var total = 0L;
            for (var count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                to.write(buffer, 0, count);
                total += count;
                bytes.seen(total);
            }
        } catch (IOException broken) {
            process.destroyForcibly();
            throw broken;
        }
        errors.requireGood(process, "pg_dump of " + database + " failed");
    }

    private List<String> command(TakeDump order) {
        var program = ground.installations().bin(member.known().postgresMajor()).resolve("pg_dump");
        var command =
                new ArrayList<>(
                        List.of(program.toString(), "-Fc", "-Z0", "--no-password", NOT_OURS));
        if (order.schemaOnly()) {
            command.add("--schema-only");
        }
        return command;
    }

    /** A name in the environment is a name, whatever is in it. */
    private Map<String, String> environment(String database) {
        var all = new LinkedHashMap<>(member.archiving().environment());
        all.put("PGPORT", String.valueOf(member.known().port()));
        all.put("PGUSER", Sql.SUPERUSER);
        all.put("PGDATABASE", database);
        return all;
    }

    /** A role as far as it may be made elsewhere: never more than an owner may have. */
    record DumpedRole(
            String name,
            boolean login,
            boolean createDatabases,
            boolean inherit,
            Optional<String> verifier,
            List<String> memberOf) {

        static List<DumpedRole> all(Statement statement) throws SQLException {
            var query =
                    """
                    SELECT r.rolname, r.rolcanlogin, r.rolcreatedb, r.rolinherit, a.rolpassword,
                      coalesce((SELECT array_agg(g.rolname::text ORDER BY 1) FROM pg_auth_members m
                        JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid), '{}')
                    FROM pg_roles r JOIN pg_authid a ON a.oid = r.oid
                    WHERE NOT r.rolsuper AND NOT r.rolreplication
                      AND NOT starts_with(r.rolname, 'pg_') AND NOT starts_with(r.rolname, 'toygres_')
                    ORDER BY 1
                    """;
            var roles = new ArrayList<DumpedRole>();
            try (var rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    roles.add(
                            new DumpedRole(
                                    rows.getString(1),
                                    rows.getBoolean(2),
                                    rows.getBoolean(3),
                                    rows.getBoolean(4),
                                    Optional.ofNullable(rows.getString(5)),
                                    List.of((String[]) rows.getArray(6).getArray())));
                }
            }
            return roles;
        }
    }
}
