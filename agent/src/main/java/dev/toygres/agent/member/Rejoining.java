package dev.toygres.agent.member;

import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agent.process.ToolFailed;
import dev.toygres.agentapi.Order.RejoinMember;
import dev.toygres.agentapi.OrderResult.Rejoined;
import dev.toygres.agentapi.OrderResult.Rejoined.How;
import dev.toygres.model.Lsn;
import dev.toygres.model.StopMode;
import dev.toygres.model.parameter.MemberSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a former primary, or a broken standby, a standby again, as cheaply as it can be had. */
final class Rejoining {
    private static final Logger LOG = LoggerFactory.getLogger(Rejoining.class);
    private static final Duration REWIND = Duration.ofHours(12);
    private static final Duration CHECKPOINT = Duration.ofMinutes(10);

    private final Ground ground;
    private final Replicas replicas;

    Rejoining(Ground ground, Replicas replicas) {
        this.ground = ground;
        this.replicas = replicas;
    }

    Rejoined rejoin(Member member, RejoinMember order, Progress progress) {
        var known = member.known();
        member.home.make(ground.user());
        member.writeCertificate(order.certificate());
        member.writePassfile(order.upstream());
        var source = Source.of(order.upstream(), member.home);
        if (known.is(Role.Standby) && streams(member, order)) {
            return rejoined(member, order, How.Started, 0);
        }
        var wasStandby = known.is(Role.Standby);
        if (!wasStandby) {
            member.remember(known.fenced(order.term()));
        }
        ground.crash().reached("rejoin: fenced");
        member.down(StopMode.Fast);
        var plan = plan(member, source);
        LOG.info("{} rejoins: {}", member.id, plan);
        return switch (plan) {
            case RejoinPlan.Start() -> start(member, order, wasStandby, progress);
            case RejoinPlan.Rewind(var fork, var bytes) ->
                    rewind(member, order, fork, bytes, progress);
            case RejoinPlan.CloneAnew(var why) -> {
                requireMayCopy(member, order, why);
                keepUnread(member, order, wasStandby, why);
                yield cloned(member, order, 0, progress);
            }
        };
    }

    /**
     * S8: a former primary may have what nobody else has, and where that begins is not known. Data
     * that was never complete had nothing, or what was kept before its rewind.
     */
    private static void keepUnread(
            Member member, RejoinMember order, boolean wasStandby, String why) {
        if (!wasStandby && member.known().stage() == Stage.Ready) {
            LOG.warn("{} is copied anew, and all its WAL is kept: {}", member.id, why);
            Salvage.keepAll(member.home, why, order.term());
        }
    }

    private RejoinPlan plan(Member member, Source source) {
        var onDisk = ControlFile.systemIdentifier(member.home.data());
        if (member.known().stage() != Stage.Ready) {
            return new RejoinPlan.CloneAnew("its data is not complete");
        }
        if (!onDisk.equals(Optional.of(source.systemIdentifier()))) {
            return new RejoinPlan.CloneAnew("its data is not of the upstream's system");
        }
        try {
            return RejoinPlan.of(WalEnd.of(member, ground).lineage(), source.lineage());
        } catch (OrderFailed | ToolFailed | UncheckedIOException unreadable) {
            return new RejoinPlan.CloneAnew(String.valueOf(unreadable.getMessage()));
        }
    }

    /** A standby that was in order and still does not stream lacks WAL that nobody has. */
    private Rejoined start(
            Member member, RejoinMember order, boolean wasStandby, Progress progress) {
        if (!wasStandby && streams(member, order)) {
            return rejoined(member, order, How.Started, 0);
        }
        return cloned(member, order, 0, progress);
    }

    private static boolean streams(Member member, RejoinMember order) {
        if (member.known().stage() != Stage.Ready) {
            return false;
        }
        try {
            asStandby(member, order);
            if (member.postgres().isReady()) {
                member.reload();
            }
            return Replicas.streaming(member).address().port() > 0;
        } catch (OrderFailed broken) {
            LOG.warn("{}", broken.getMessage());
            return false;
        }
    }

    private static void asStandby(Member member, RejoinMember order) {
        member.parted(false);
        var from = Following.of(order.upstream(), order.term());
        member.remember(
                member.known()
                        .gatedBy(SyncList.NONE, order.term())
                        .following(from)
                        .with(settings(member, order))
                        .ready());
    }

    /**
     * What it must have at least is told to it by the WAL that it has not replayed yet, which may
     * be of before those were lowered.
     */
    private static Map<String, String> settings(Member member, RejoinMember order) {
        member.checkSettings(order.settings());
        return MemberSettings.suitingBoth(member.known().settings(), order.settings());
    }

    private Rejoined rewind(
            Member member, RejoinMember order, Lsn fork, long bytes, Progress progress) {
        Salvage.keep(member, ground, fork, order.term());
        ground.crash().reached("rejoin: salvaged");
        try {
            Source.checkpoint(order.upstream(), member.home, CHECKPOINT);
            rewind(member, order);
            if (streams(member, order)) {
                return rejoined(member, order, How.Rewound, bytes);
            }
        } catch (ToolFailed | OrderFailed failure) {
            LOG.warn("{} is not rewound: {}", member.id, failure.getMessage());
        }
        return cloned(member, order, bytes, progress);
    }

    /** In between, the data is neither the one nor the other. */
    private void rewind(Member member, RejoinMember order) {
        var known = member.known();
        member.remember(known.at(Stage.Rewinding));
        ground.crash().reached("rejoin: rewinding");
        deleteSignal(member);
        var bin = ground.installations().bin(known.postgresMajor());
        var source =
                Following.of(order.upstream(), order.term())
                        .connection(member.home, "dbname=postgres");
        ground.tools()
                .run(
                        REWIND,
                        List.of(
                                bin.resolve("pg_rewind").toString(),
                                "--target-pgdata=" + member.home.data(),
                                "--source-server=" + source));
        ground.crash().reached("rejoin: rewound");
        member.remember(member.known().at(Stage.Ready));
    }

    /** pg_rewind ends crash recovery by a single-user Postgres, which cannot be a standby. */
    private static void deleteSignal(Member member) {
        try {
            Files.deleteIfExists(member.home.standbySignal());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static void requireMayCopy(Member member, RejoinMember order, String why) {
        if (!order.copy()) {
            throw new OrderFailed("member %s has to be copied anew: %s".formatted(member.id, why));
        }
    }

    private Rejoined cloned(Member member, RejoinMember order, long bytes, Progress progress) {
        requireMayCopy(member, order, "neither a start nor pg_rewind was enough");
        asStandby(member, order);
        member.remember(member.known().at(Stage.Making));
        ground.crash().reached("rejoin: cloning");
        replicas.cloneAnew(member, Optional.empty(), 0, progress);
        member.remember(member.known().ready());
        var ignored = Replicas.streaming(member);
        return rejoined(member, order, How.Cloned, bytes);
    }

    /** With what was kept, be it by an attempt that was cut short before it could tell. */
    private static Rejoined rejoined(Member member, RejoinMember order, How how, long bytes) {
        Slots.dropAll(member);
        return new Rejoined(member.address(), how, bytes, Salvage.kept(member.home, order.term()));
    }
}
