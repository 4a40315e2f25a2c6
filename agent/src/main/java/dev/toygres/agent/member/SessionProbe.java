package dev.toygres.agent.member;

import dev.toygres.agentapi.MemberSessions;
import dev.toygres.agentapi.MemberSessions.OpenTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;

/** Asks a running member who is connected, and since when transactions are open. */
final class SessionProbe {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final long LONG_MS = 1_000;
    private static final int MOST = 20;

    private static final String CLIENTS =
            """
            SELECT usename, left(application_name, 64), datname, coalesce(state, ''),
              coalesce((1000 * extract(epoch FROM clock_timestamp() - xact_start))::bigint, 0)
            FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
              AND usename <> 'postgres' AND NOT starts_with(usename, 'toygres_')
            ORDER BY xact_start NULLS LAST
            """;

    private SessionProbe() {}

    static MemberSessions of(Member member) {
        return member.sql()
                .asSuperuser(
                        LIMIT,
                        "the sessions of " + member.id + " are not known",
                        SessionProbe::ask);
    }

    private static MemberSessions ask(Statement statement) throws SQLException {
        var clients = 0;
        var idle = 0;
        var open = new ArrayList<OpenTransaction>();
        try (var rows = statement.executeQuery(CLIENTS)) {
            for (; rows.next(); clients++) {
                var one = transaction(rows);
                if (one.state().startsWith("idle in transaction")) {
                    idle++;
                }
                if (one.ageMs() >= LONG_MS && open.size() < MOST) {
                    open.add(one);
                }
            }
        }
        return new MemberSessions(clients, idle, open);
    }

    private static OpenTransaction transaction(ResultSet row) throws SQLException {
        return new OpenTransaction(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5));
    }
}
