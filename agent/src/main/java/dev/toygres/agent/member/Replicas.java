package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agent.process.Await;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Order.AwaitPosition;
import dev.toygres.agentapi.Order.CreateReplica;
import dev.toygres.agentapi.Order.FollowMember;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.model.Lsn;
import dev.toygres.model.StopMode;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** Standbys: made, pointed at somebody, waited for. */
final class Replicas {
    private static final Duration SESSION = Duration.ofSeconds(10);

    /** Without any step forward: reconnecting takes 100 ms, a replay of much WAL moves on. */
    private static final Duration STUCK = Duration.ofSeconds(15);

    private static final Duration STEADY = Duration.ofMillis(150);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int LOOKS = 100;

    private final Ground ground;
    private final Ports ports;
    private final Clone clone;

    Replicas(Ground ground, Ports ports) {
        this.ground = ground;
        this.ports = ports;
        clone = new Clone(ground);
    }

    MemberUp create(Member member, CreateReplica order, Progress progress) {
        ground.installations().bin(order.postgresMajor());
        member.requireIsOf(order.instanceId());
        var ready = member.memory().filter(known -> known.stage() == Stage.Ready);
        if (ready.isPresent()) {
            requireStandby(member);
            member.remember(member.known().with(order.settings()));
        } else {
            remember(member, order);
        }
        member.writeCertificate(order.certificate());
        member.writePassfile(order.upstream());
        member.parted(false);
        ground.crash().reached("replica: remembered");
        if (ready.isEmpty() && !isCompleteAndStreams(member)) {
            cloneAnew(member, order.copyFrom(), order.maxRateKilobytes(), progress);
        }
        member.remember(member.known().following(Following.of(order.upstream(), order.term())));
        member.remember(member.known().ready());
        return streaming(member);
    }

    private static void requireStandby(Member member) {
        if (!member.known().is(Role.Standby)) {
            throw new OrderFailed(
                    "member " + member.id + " is " + member.known().role() + ", not a standby");
        }
    }

    private void remember(Member member, CreateReplica order) {
        member.home.make(ground.user());
        var port = member.memory().map(Memory::port).orElseGet(ports::free);
        var identifier = member.memory().map(Memory::systemIdentifier).orElse("");
        member.remember(Memory.of(order, port).ofSystem(identifier));
    }

    /** A copy that was complete when the agent died need not be made again, if it is of use. */
    private static boolean isCompleteAndStreams(Member member) {
        if (!member.home.hasData()) {
            return false;
        }
        try {
            var up = streaming(member);
            return up.address().port() > 0;
        } catch (OrderFailed broken) {
            return false;
        }
    }

    /** Whatever is left of a former one goes first. */
    void cloneAnew(Member member, Optional<Address> from, int maxRateKilobytes, Progress progress) {
        if (member.home.hasData()) {
            member.down(StopMode.Immediate);
            Durable.delete(member.home.data());
        }
        clone.make(member, from, maxRateKilobytes, progress);
        ground.crash().reached("clone: complete");
    }

    MemberUp follow(Member member, FollowMember order) {
        member.requireReady();
        requireStandby(member);
        member.writePassfile(order.upstream());
        member.remember(
                member.known()
                        .gatedBy(SyncList.NONE, order.term())
                        .following(Following.of(order.upstream(), order.term()))
                        .ready());
        member.parted(false);
        ground.crash().reached("follow: remembered");
        if (member.postgres().isReady()) {
            member.reload();
        }
        return streaming(member);
    }

    /** Up, and its walreceiver streams from where its memory says. */
    static MemberUp streaming(Member member) {
        var up = member.up();
        var from = member.known().upstream().orElseThrow();
        var seen = "";
        var deadline = System.nanoTime() + STUCK.toNanos();
        while (System.nanoTime() < deadline) {
            var now = link(member, from);
            if (now.receiver() > 0) {
                return up;
            }
            if (!now.replayed().equals(seen)) {
                seen = now.replayed();
                deadline = System.nanoTime() + STUCK.toNanos();
            }
            Await.pause(PAUSE);
        }
        throw new OrderFailed(
                "member "
                        + member.id
                        + " does not stream from "
                        + from.address()
                        + member.postgres().lastWords());
    }

    private record Link(long receiver, String replayed) {}

    private static final Link NONE = new Link(0, "");

    /**
     * A walreceiver calls itself streaming before the other side has agreed; one that is refused is
     * gone at once. So it has to be the same one for a moment.
     */
    private static boolean isSteady(Statement statement, Following from, long receiver)
            throws SQLException {
        for (var began = System.nanoTime(); System.nanoTime() - began < STEADY.toNanos(); ) {
            Await.pause(PAUSE);
            if (link(statement, from).receiver() != receiver) {
                return false;
            }
        }
        return true;
    }

    /** Until recovery is consistent nobody is let in: that is not a step forward, nor an error. */
    private static Link link(Member member, Following from) {
        try (var connection = member.sql().connect(Sql.SUPERUSER, "postgres", SESSION);
                var statement = connection.createStatement()) {
            var seen = NONE;
            for (int i = 0; i < LOOKS; i++) {
                seen = link(statement, from);
                if (seen.receiver() > 0 && isSteady(statement, from, seen.receiver())) {
                    return seen;
                }
                Await.pause(PAUSE);
            }
            return new Link(0, seen.replayed());
        } catch (SQLException notYet) {
            return NONE;
        }
    }

    private static Link link(Statement statement, Following from) throws SQLException {
        var query =
                """
                SELECT coalesce((SELECT pid FROM pg_stat_wal_receiver
                    WHERE status = 'streaming' AND sender_port = %d AND slot_name = %s), 0),
                  coalesce(pg_last_wal_replay_lsn()::text, '')
                """
                        .formatted(from.address().port(), statement.enquoteLiteral(from.slot()));
        try (var rows = statement.executeQuery(query)) {
            rows.next();
            return new Link(rows.getLong(1), rows.getString(2));
        }
    }

    void await(Member member, AwaitPosition order) {
        var wanted = Lsn.parse(order.lsn());
        var deadline = System.nanoTime() + order.timeout().toNanos();
        var ignored =
                member.sql()
                        .asSuperuser(
                                order.timeout().plus(SESSION),
                                "position of " + member.id + " is not known",
                                statement -> {
                                    awaitReplay(statement, wanted, deadline);
                                    return true;
                                });
    }

    private static void awaitReplay(Statement statement, Lsn wanted, long deadline)
            throws SQLException {
        for (; ; ) {
            var replayed = replayed(statement);
            if (replayed.filter(reached -> reached.compareTo(wanted) >= 0).isPresent()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new OrderFailed(
                        "replayed up to "
                                + replayed.map(Lsn::toString).orElse("nothing")
                                + ", not to "
                                + wanted);
            }
            Await.pause(Duration.ofMillis(2));
        }
    }

    private static Optional<Lsn> replayed(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("SELECT pg_last_wal_replay_lsn()::text")) {
            rows.next();
            return Optional.ofNullable(rows.getString(1)).map(Lsn::parse);
        }
    }
}
