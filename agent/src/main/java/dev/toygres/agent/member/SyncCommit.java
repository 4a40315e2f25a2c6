package dev.toygres.agent.member;

import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/** Puts a sync list into force, and sees that it is. */
final class SyncCommit {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Set<String> WAITING = Set.of("CheckpointerMain", "CheckpointWriteDelay");

    private SyncCommit() {}

    static void apply(Member member, SyncList list, long term) {
        member.requireReady();
        member.remember(member.known().gatedBy(list, term));
        member.reached("sync: remembered");
        if (member.postgres().isReady()) {
            member.reload();
            member.awaitForce(list);
        }
    }

    /**
     * In force is a list for commits once the checkpointer has read it, which raises the flag that
     * all backends look at, and once every walsender knows whether it counts. A new session shows
     * that the postmaster has read it, and so has signalled everybody before.
     */
    static void awaitForce(Member member, SyncList list, Duration limit) {
        var inForce =
                Await.until(
                        limit,
                        () ->
                                member.sql()
                                        .asNewSuperuser(
                                                limit,
                                                "sync list not seen",
                                                one -> isInForce(one, list)));
        if (!inForce) {
            throw new OrderFailed("'" + list.text() + "' is not in force after " + limit);
        }
    }

    private static boolean isInForce(Statement statement, SyncList list) throws SQLException {
        return text(statement, "SHOW synchronous_standby_names").equals(list.text())
                && followersKnow(statement, list)
                && checkpointerKnows(statement);
    }

    /** On a standby nobody counts yet: who follows it does once it asks for the new timeline. */
    private static boolean followersKnow(Statement statement, SyncList list) throws SQLException {
        var query =
                """
                SELECT application_name, sync_state FROM pg_stat_replication
                WHERE state = 'streaming' AND NOT pg_is_in_recovery()
                """;
        try (var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                var counts = !"async".equals(rows.getString(2));
                if (counts != list.names().contains(rows.getString(1))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** It reads its settings before it sleeps again; asleep with a signal pending it cannot be. */
    private static boolean checkpointerKnows(Statement statement) throws SQLException {
        var query =
                "SELECT pid, coalesce(wait_event, '') FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
        try (var rows = statement.executeQuery(query)) {
            return rows.next()
                    && WAITING.contains(rows.getString(2))
                    && Processes.sleeps(rows.getLong(1));
        }
    }

    private static String text(Statement statement, String query) throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
