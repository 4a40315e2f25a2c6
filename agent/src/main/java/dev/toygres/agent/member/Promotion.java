package dev.toygres.agent.member;

import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.process.Await;
import dev.toygres.agentapi.Order.PromoteMember;
import dev.toygres.agentapi.OrderResult.Promoted;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Makes a standby the primary of a term. */
final class Promotion {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(2);

    private final Ground ground;

    Promotion(Ground ground) {
        this.ground = ground;
    }

    /** Term, role and sync list are durable and in force before the signal is given (S7, S11). */
    Promoted promote(Member member, PromoteMember order) {
        var known = member.requireReady();
        if (known.is(Role.Fenced)) {
            throw new OrderFailed("member " + member.id + " is fenced");
        }
        if (known.is(Role.Standby)) {
            member.lease().requirePromotable(order.term());
        }
        requireOnlyOne(member, order.term());
        var began = System.nanoTime();
        member.up();
        var list = SyncList.of(order.syncNumber(), order.syncNames());
        // It may have taken its time to come up: what was prepared may be over by now (S4).
        if (known.is(Role.Standby)) {
            member.lease().takePromotion(order.term());
        }
        member.remember(known.promoting(list, order.term()));
        ground.crash().reached("promote: remembered");
        // Remembered is not in force: an attempt before this one may have come only so far.
        if (!known.is(Role.Standby) || !known.sync().equals(list) || !member.isInForce(list)) {
            member.reload();
            member.awaitForce(list);
        }
        // Before, as the first checkpoint of a primary removes what counts as archived; and again
        // for what came in meanwhile.
        if (known.is(Role.Standby)) {
            member.archiving().claimInherited(false);
        }
        var early =
                order.slots().isEmpty()
                        || member.sql()
                                .asSuperuser(LIMIT, "not promoted", Promotion::mayBeFollowed);
        if (early) {
            order.slots().forEach(slot -> Slots.keep(member, slot));
        }
        var timeline =
                member.sql().asSuperuser(LIMIT, "not promoted", one -> promoted(one, member));
        ground.crash().reached("promote: promoted");
        if (!early) {
            order.slots().forEach(slot -> Slots.keep(member, slot));
        }
        if (member.known().upstream().isPresent()) {
            member.archiving().claimInherited(true);
            member.remember(member.known().promoted());
            member.parted(false);
            member.reload();
            member.letClientsIn();
        }
        var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return new Promoted(member.address(), timeline, millis);
    }

    /** See {@link Memory#hasFollowedIn}. */
    static void requireOnlyOne(Member member, long term) {
        if (member.known().hasFollowedIn(term)) {
            throw new OrderFailed(
                    "member %s follows another primary in term %d already: a term has one primary"
                            .formatted(member.id, term));
        }
    }

    /**
     * Its slot is the door for whoever is told to follow at the same moment. It stays shut until
     * the promotion where more was received than is replayed: that may be the first half of a
     * record, which a standby sends on, and which the new timeline does not have. What a follower
     * confirms of it must never count for a commit that has that place (S7).
     */
    private static boolean mayBeFollowed(Statement statement) throws SQLException {
        var query = "SELECT coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), true)";
        try (var rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** Both pg_ctl and a waiting pg_promote look every 100 ms only. */
    private static int promoted(Statement statement, Member member) throws SQLException {
        if (isInRecovery(statement)) {
            statement.execute("SELECT pg_promote(wait => false)");
        }
        for (var began = System.nanoTime(); isInRecovery(statement); Await.pause(LOOK)) {
            if (System.nanoTime() - began > LIMIT.toNanos()) {
                throw new OrderFailed(
                        member.id + " is still in recovery" + member.postgres().lastWords());
            }
            Readers.makeRoom(statement, began);
        }
        return timelineOfAWrite(statement);
    }

    static boolean isInRecovery(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** A transaction id is given only to those that may write. */
    private static int timelineOfAWrite(Statement statement) throws SQLException {
        var query =
                """
                SELECT pg_current_xact_id()::text,
                  ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
                """;
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(2);
        }
    }
}
