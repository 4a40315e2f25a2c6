package dev.toygres.agent.member;

import dev.toygres.agent.backup.Dumps;
import dev.toygres.agentapi.BackupOrder.CheckMember;
import dev.toygres.agentapi.BackupResult.Checked;
import dev.toygres.agentapi.BackupResult.RowSum;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What a restore drill looks at: the structure of all tables and indexes, and chosen rows. */
final class Checking {
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration SESSION = Duration.ofSeconds(30);
    private static final int CORRUPT = 2;

    private final Ground ground;
    private final Member member;

    Checking(Ground ground, Member member) {
        this.ground = ground;
        this.member = member;
    }

    Checked check(CheckMember order) {
        var began = System.nanoTime();
        member.requireReady();
        member.archiving().makePlace();
        var corruption = amcheck();
        if (!order.queries().isEmpty()) {
            member.sql().asSuperuser(SESSION, "rows cannot be read", one -> reader(one, order));
        }
        var sums = order.queries().stream().map(query -> sum(order.database(), query)).toList();
        return new Checked(
                corruption, sums, Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    /** The queries are somebody's: they are run as the owner of their database. */
    private static boolean reader(Statement statement, CheckMember order) throws SQLException {
        var query =
                "SELECT r.rolname, r.rolsuper FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba"
                        + " WHERE d.datname = "
                        + statement.enquoteLiteral(order.database());
        var owner = "";
        try (var rows = statement.executeQuery(query)) {
            if (rows.next() && !rows.getBoolean(2)) {
                owner = rows.getString(1);
            }
        }
        if (owner.isEmpty()) {
            throw new OrderFailed("there is no database of a user named " + order.database());
        }
        DumpRestoring.restorer(statement, owner);
        return true;
    }

    /** Its functions are put into each database where they are missing. */
    private List<String> amcheck() {
        var program =
                ground.installations().bin(member.known().postgresMajor()).resolve("pg_amcheck");
        var environment = new LinkedHashMap<>(member.archiving().environment());
        environment.put("PGPORT", String.valueOf(member.known().port()));
        environment.put("PGUSER", Sql.SUPERUSER);
        var command = List.of(program.toString(), "--all", "--install-missing", "--no-password");
        var process = ground.tools().started(LONGEST, command, environment);
        try {
            process.getOutputStream().close();
            var errors = new Words(process.getErrorStream());
            var found = new Words(process.getInputStream());
            var code = process.waitFor();
            if (code != 0 && code != CORRUPT) {
                errors.requireGood(process, "pg_amcheck failed");
            }
            return code == CORRUPT ? found.all() : List.of();
        } catch (IOException cause) {
            throw new OrderFailed("pg_amcheck cannot be run", cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new OrderFailed("interrupted while pg_amcheck ran");
        }
    }

    private RowSum sum(String database, String query) {
        try (var connection = member.sql().connect(Sql.RESTORER, database, LONGEST)) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            return sum(connection, query);
        } catch (SQLException cause) {
            return new RowSum(query, 0, "", Optional.of(String.valueOf(cause.getMessage())));
        }
    }

    /** A null is not an empty text, and no value runs into the next. */
    private static RowSum sum(Connection connection, String query) throws SQLException {
        var digest = Dumps.sha256();
        var count = 0L;
        try (var statement = connection.createStatement()) {
            // The agent's own sessions see the system's names only; this query is the owner's.
            statement.execute("SET LOCAL search_path = \"$user\", public");
            statement.setFetchSize(1_000);
            try (var rows = statement.executeQuery(query)) {
                var columns = rows.getMetaData().getColumnCount();
                for (; rows.next(); count++) {
                    var row = new ArrayList<String>();
                    for (int at = 1; at <= columns; at++) {
                        var value = rows.getString(at);
                        row.add(value == null ? "-" : value.length() + ":" + value);
                    }
                    digest.update((String.join(",", row) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        return new RowSum(
                query, count, HexFormat.of().formatHex(digest.digest()), Optional.empty());
    }
}
