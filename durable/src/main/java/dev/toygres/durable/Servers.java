package dev.toygres.durable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Who lives and who does not, by the clock of the database. */
final class Servers {
    private static final String BEAT =
            """
            with beat as (
                insert into durable.server (id, started_at, heartbeat_at)
                values (?, clock_timestamp(), clock_timestamp())
                on conflict (id) do update set heartbeat_at = excluded.heartbeat_at)
            select id, token, cancel_requested_at is not null and not no_return as cancelled
            from durable.operation where owner = ?
            """;

    /** The new token fences the old owner in the same moment. */
    private static final String RELEASE =
            """
            update durable.operation set owner = null, wake_at = durable.at_once(),
                token = nextval('durable.token'), revision = revision + 1
            where id in (select id from durable.operation where %s for update skip locked)
            """;

    private static final String RELEASE_STRAY =
            RELEASE.formatted("owner = ? and id = ? and token = ?");
    private static final String RELEASE_OWN = RELEASE.formatted("owner = ?");
    private static final String RELEASE_ORPHANS =
            RELEASE.formatted(
                    """
                    owner is not null and owner <> ?
                    and not exists (select from durable.server s where s.id = owner)
                    """);
    private static final String RELEASE_DEAD =
            RELEASE.formatted(
                    """
                    owner is not null and owner <> ? and not exists (
                        select from durable.server s where s.id = owner
                            and s.heartbeat_at > clock_timestamp() - make_interval(secs => ?))
                    """);

    /** A promoted standby has run for long: it came up after the last commit that it replayed. */
    private static final String RELEASE_DEAD_SINCE_UP =
            RELEASE.formatted(
                    """
                    owner is not null and owner <> ? and not exists (
                        select from durable.server s where s.id = owner
                            and (s.heartbeat_at > clock_timestamp() - make_interval(secs => ?)
                                or s.heartbeat_at <= greatest(
                                    pg_postmaster_start_time(), pg_last_xact_replay_timestamp())))
                    """);

    private static final String FORGET =
            "delete from durable.server where heartbeat_at < clock_timestamp() - interval '1 hour'";
    private static final String LEAVE = "delete from durable.server where id = ?";

    private final UUID self;
    private final double limitSeconds;

    Servers(UUID self, Duration limit) {
        this.self = self;
        this.limitSeconds = limit.toMillis() / 1000.0;
    }

    /** An operation that we own, by the catalogue. */
    record Owned(String id, long token, boolean cancelled) {
        static Owned read(ResultSet row) throws SQLException {
            return new Owned(
                    row.getString("id"), row.getLong("token"), row.getBoolean("cancelled"));
        }
    }

    /** Says that we live; answers what we own. */
    List<Owned> beat(Connection connection) throws SQLException {
        return Sql.list(connection, BEAT, Owned::read, self, self);
    }

    /** Frees what we own but do not run: the answer to a pick was lost, or a run broke. */
    int releaseStray(Connection connection, Owned stray) throws SQLException {
        return Sql.update(connection, RELEASE_STRAY, self, stray.id(), stray.token());
    }

    /** Frees what we gave up ourselves. */
    int releaseOwn(Connection connection) throws SQLException {
        return Sql.update(connection, RELEASE_OWN, self);
    }

    /** Frees the work of servers that said goodbye. */
    int releaseOrphans(Connection connection) throws SQLException {
        return Sql.update(connection, RELEASE_ORPHANS, self);
    }

    /** Frees the work of servers that fell silent. */
    int releaseDead(Connection connection) throws SQLException {
        int released = Sql.update(connection, RELEASE_DEAD, self, limitSeconds);
        Sql.update(connection, FORGET);
        return released;
    }

    /** The same, but only of those that this run of the catalogue has seen alive. */
    int releaseDeadSinceUp(Connection connection) throws SQLException {
        return Sql.update(connection, RELEASE_DEAD_SINCE_UP, self, limitSeconds);
    }

    int leave(Connection connection) throws SQLException {
        releaseOwn(connection);
        return Sql.update(connection, LEAVE, self);
    }
}
