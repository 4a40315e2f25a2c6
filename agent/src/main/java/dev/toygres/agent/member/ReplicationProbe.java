package dev.toygres.agent.member;

import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agentapi.HostStatus.Archive;
import dev.toygres.agentapi.HostStatus.Follower;
import dev.toygres.agentapi.HostStatus.Replication;
import dev.toygres.agentapi.HostStatus.Slot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks a running member how it is and of its replication, on one connection and never twice at once
 * (R3.8-R3.12); who reads the answer never waits.
 */
final class ReplicationProbe {
    private static final Duration STALE = Duration.ofSeconds(5);

    /** A login and its handshake cost some milliseconds: not at every look. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** SQLSTATE: no right to connect, no such database, and one that lets in nobody. */
    private static final Set<String> BARRED = Set.of("42501", "3D000", "55000");

    /** SQLSTATE too_many_connections. */
    private static final String FULL = "53300";

    private static final String STANDBY =
            """
            SELECT true, coalesce(greatest(received, replayed), '0/0')::text, replayed::text,
              CASE WHEN streaming AND received <= replayed THEN 0
                ELSE coalesce((1000 * extract(epoch FROM
                  clock_timestamp() - pg_last_xact_replay_timestamp()))::bigint, 0) END,
              streaming, timeline
            FROM (SELECT pg_last_wal_receive_lsn() AS received, pg_last_wal_replay_lsn() AS replayed,
                coalesce(w.status = 'streaming', false) AS streaming,
                coalesce(w.received_tli, c.timeline_id) AS timeline
              FROM pg_control_checkpoint() c LEFT JOIN pg_stat_wal_receiver w ON true) s
            """;

    private static final String PRIMARY =
            """
            SELECT false, pg_current_wal_lsn()::text, NULL, 0, false,
              ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
            """;

    private static final String FOLLOWERS =
            """
            SELECT application_name, coalesce(state, ''), coalesce(sync_state, ''),
              coalesce(flush_lsn, '0/0')::text, coalesce(replay_lsn, '0/0')::text
            FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'
            """;

    private static final String SLOTS =
            """
            SELECT slot_name, active, coalesce(wal_status, ''),
              coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
            FROM pg_replication_slots WHERE slot_type = 'physical' AND NOT temporary
            """;

    private final Member member;
    private final Vitality vitality;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile Optional<Replication> last = Optional.empty();
    private volatile Optional<Archive> lastArchive = Optional.empty();
    private volatile long lastAt;
    private long askedAt = System.nanoTime() - STALE.toNanos();
    private @Nullable Connection connection;
    private long openedAt;
    private String database = "";
    private Optional<SQLException> barred = Optional.empty();

    ReplicationProbe(Member member, Vitality vitality) {
        this.member = member;
        this.vitality = vitality;
    }

    /** What was true a moment ago; empty when the member does not answer. */
    Optional<Replication> latest() {
        return System.nanoTime() - lastAt > STALE.toNanos() ? Optional.empty() : last;
    }

    /** How its archive was a moment ago; empty also when none is configured. */
    Optional<Archive> latestArchive() {
        return latest().flatMap(_ -> lastArchive);
    }

    /** Whether it was seen to take writes, at whatever time that was. */
    boolean sawPrimary() {
        return last.filter(seen -> !seen.standby()).isPresent();
    }

    Optional<String> trouble() {
        var known = member.memory();
        var seen = latest();
        if (known.isEmpty() || seen.isEmpty()) {
            return Optional.empty();
        }
        if (known.get().is(Role.Standby) && !seen.get().standby()) {
            return Optional.of("it is a standby, and somebody has promoted it");
        }
        if (known.get().is(Role.Primary) && seen.get().standby()) {
            return Optional.of("its promotion was cut short; it is still in recovery");
        }
        return Optional.empty();
    }

    void refresh() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        try {
            if (System.nanoTime() - askedAt >= vitality.watching().interval().toNanos()) {
                askedAt = System.nanoTime();
                ask();
            }
        } finally {
            asking.set(false);
        }
    }

    private void ask() {
        if (member.memory().isEmpty() || !member.postgres().isReady()) {
            forget();
            return;
        }
        var began = System.nanoTime();
        var connected = false;
        try {
            var open = open();
            connected = true;
            var seen = answer(open);
            lastArchive =
                    member.archiving().isConfigured() && !seen.standby()
                            ? Optional.of(ArchiveProbe.of(open, member))
                            : Optional.empty();
            last = Optional.of(seen);
            lastAt = System.nanoTime();
            vitality.answered(began, custom(open));
        } catch (SQLException notNow) {
            vitality.failed(began, connected, notNow);
            forget();
        }
    }

    /** After it has answered: whatever breaks now is the owner's query, or its database. */
    private Optional<CustomCheck.Outcome> custom(Connection open) {
        if (barred.isPresent()) {
            return barred.map(CustomCheck::failed);
        }
        try {
            return CustomCheck.run(open, vitality.watching());
        } catch (SQLException broken) {
            close();
            return Optional.of(CustomCheck.failed(broken));
        }
    }

    private Connection open() throws SQLException {
        var watching = vitality.watching();
        var old = connection;
        if (old == null || old.isClosed() || !database.equals(watching.place())) {
            close();
            connection = connect(watching);
        } else if (System.nanoTime() - openedAt > FRESH.toNanos()) {
            renew(old, watching);
        }
        var open = Objects.requireNonNull(connection);
        // Finer than the whole seconds that a connection begins with.
        open.setNetworkTimeout(Runnable::run, (int) watching.timeout().toMillis());
        return open;
    }

    /** A database that lets us in no more takes its query with it, and nothing else. */
    private Connection connect(Watching watching) throws SQLException {
        database = watching.place();
        openedAt = System.nanoTime();
        try {
            var there = member.sql().connect(Sql.MONITOR, database, watching.timeout());
            barred = Optional.empty();
            return there;
        } catch (SQLException refused) {
            if (!BARRED.contains(String.valueOf(refused.getSQLState()))
                    || database.equals(Watching.USUAL.place())) {
                throw refused;
            }
            var beside =
                    member.sql().connect(Sql.MONITOR, Watching.USUAL.place(), watching.timeout());
            barred = Optional.of(refused);
            return beside;
        }
    }

    /**
     * An old session says nothing of whether the postmaster would let in a new one. Where every
     * place is taken it would, and the old one is kept: there may be no other for long.
     */
    private void renew(Connection old, Watching watching) throws SQLException {
        try {
            connection = connect(watching);
            old.close();
        } catch (SQLException refused) {
            if (!FULL.equals(refused.getSQLState())) {
                throw refused;
            }
        }
    }

    private void forget() {
        last = Optional.empty();
        close();
    }

    private void close() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                // One that hangs is not asked what it has left to say.
                open.setNetworkTimeout(Runnable::run, 1);
                open.close();
            } catch (SQLException closed) {
                return;
            }
        }
    }

    private static Replication answer(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (asks(statement, "SELECT pg_is_in_recovery()")) {
                return replication(statement, STANDBY, List.of(), List.of());
            }
            return replication(statement, PRIMARY, followers(statement), slots(statement));
        }
    }

    private static boolean asks(Statement statement, String question) throws SQLException {
        try (var rows = statement.executeQuery(question)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static Replication replication(
            Statement statement, String query, List<Follower> followers, List<Slot> slots)
            throws SQLException {
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return new Replication(
                    rows.getBoolean(1),
                    rows.getString(2),
                    Optional.ofNullable(rows.getString(3)),
                    rows.getLong(4),
                    rows.getBoolean(5),
                    rows.getInt(6),
                    followers,
                    slots);
        }
    }

    private static List<Follower> followers(Statement statement) throws SQLException {
        return all(
                statement,
                FOLLOWERS,
                row ->
                        new Follower(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5)));
    }

    private static List<Slot> slots(Statement statement) throws SQLException {
        return all(
                statement,
                SLOTS,
                row ->
                        new Slot(
                                row.getString(1),
                                row.getBoolean(2),
                                row.getString(3),
                                row.getLong(4)));
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> List<T> all(Statement statement, String query, Row<T> row)
            throws SQLException {
        var found = new ArrayList<T>();
        try (var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(row.of(rows));
            }
        }
        return found;
    }
}
