package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.agentapi.OrderResult.Drained;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Ends the sessions of clients: idle ones at once, transactions when their time is over (D6). */
final class Draining {
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration SESSION = Duration.ofSeconds(30);

    /** For those that were told to go, and those that slip in meanwhile. */
    private static final Duration LAST = Duration.ofSeconds(5);

    private static final String CLIENTS =
            """
            SELECT pid, state = 'idle' FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
              AND usename <> 'postgres' AND NOT starts_with(usename, 'toygres_')
            """;

    private final Statement statement;
    private final Set<Integer> idle = new HashSet<>();
    private final Set<Integer> active = new HashSet<>();

    private Draining(Statement statement) {
        this.statement = statement;
    }

    static Drained of(Member member, Duration timeout) {
        return member.sql()
                .asSuperuser(
                        SESSION.plus(timeout),
                        "sessions of " + member.id + " are not drained",
                        statement -> new Draining(statement).run(timeout));
    }

    private Drained run(Duration timeout) throws SQLException {
        var patience = System.nanoTime() + timeout.toNanos();
        var end = patience + LAST.toNanos();
        while (turn(System.nanoTime() >= patience) > 0 && System.nanoTime() < end) {
            Await.pause(PAUSE);
        }
        return new Drained(idle.size(), active.size());
    }

    /** Answers how many sessions were still there. */
    private int turn(boolean impatient) throws SQLException {
        var going = new HashSet<Integer>();
        var seen = 0;
        try (var rows = statement.executeQuery(CLIENTS)) {
            for (; rows.next(); seen++) {
                if (isToGo(rows, impatient)) {
                    going.add(rows.getInt(1));
                }
            }
        }
        for (var pid : going) {
            statement.execute("SELECT pg_terminate_backend(" + pid + ")");
        }
        return seen;
    }

    private boolean isToGo(ResultSet row, boolean impatient) throws SQLException {
        var pid = row.getInt(1);
        var isIdle = row.getBoolean(2);
        if (isIdle && !active.contains(pid)) {
            idle.add(pid);
        } else if (impatient && !idle.contains(pid)) {
            active.add(pid);
        }
        return isIdle || impatient;
    }
}
