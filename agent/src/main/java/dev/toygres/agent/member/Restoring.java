package dev.toygres.agent.member;

import dev.toygres.agent.backup.Repositories;
import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder.RestoreMember;
import dev.toygres.agentapi.BackupOrder.UndoRestore;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.StopMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a primary of a backup and WAL. Whatever cuts it short, the order begins it anew; the data
 * that it replaces is kept until somebody decides (D12, P54).
 */
final class Restoring {
    private final Ground ground;
    private final Ports ports;
    private final Repositories repositories;

    Restoring(Ground ground, Ports ports, Repositories repositories) {
        this.ground = ground;
        this.ports = ports;
        this.repositories = repositories;
    }

    Restored restore(Member member, RestoreMember order, Progress progress) {
        ground.installations().bin(order.postgresMajor());
        member.requireIsOf(order.instanceId());
        var ready = member.memory().filter(known -> known.stage() == Stage.Ready).isPresent();
        var before = Account.read(member.home).filter(one -> ready && one.isOf(order));
        if (before.isPresent()) {
            new Kept(member.home).dropFormer();
            var ignored = member.up();
            return before.get().result();
        }
        if (order.over()) {
            return over(member, order, progress);
        }
        if (ready) {
            throw new OrderFailed(
                    "member " + member.id + " is there already: restore over it, or to another");
        }
        return anew(member, order, progress);
    }

    private Restored anew(Member member, RestoreMember order, Progress progress) {
        member.home.make(ground.user());
        var port = member.memory().map(Memory::port).orElseGet(ports::free);
        if (member.home.hasData()) {
            member.down(StopMode.Immediate);
            Durable.delete(member.home.data());
        }
        member.remember(Memory.of(order, port));
        ground.crash().reached("restore: remembered");
        return run(member, order, progress);
    }

    /** The old data is moved aside at the last moment, and comes back if the new is no good. */
    private Restored over(Member member, RestoreMember order, Progress progress) {
        var kept = new Kept(member.home);
        var known = member.known();
        if (known.stage() != Stage.Restoring) {
            if (kept.exists() && !Files.exists(kept.data())) {
                // Noted, and cut short before anything was moved.
                kept.bringBack();
            }
            requireDown(member);
            kept.setAside();
            ground.crash().reached("restore: earlier set aside");
            kept.prepare(known, note(member, order));
        } else if (!kept.exists()) {
            throw new OrderFailed("member " + member.id + " was never finished; destroy it first");
        } else {
            back(member, kept);
            kept.prepare(member.known(), note(member, order));
        }
        ground.crash().reached("restore: noted");
        try {
            member.remember(Memory.of(order, known.port()));
            ground.crash().reached("restore: remembered");
            var restored = run(member, order, progress);
            kept.dropFormer();
            return restored;
        } catch (RuntimeException failure) {
            back(member, kept);
            kept.bringBack();
            throw failure;
        }
    }

    private static void requireDown(Member member) {
        if (member.postgres().isGuarded()) {
            throw new OrderFailed("member " + member.id + " runs: stop or fence it first");
        }
        if (!member.home.hasData()) {
            throw new OrderFailed("member " + member.id + " has no data to restore over");
        }
    }

    private static Kept.Note note(Member member, RestoreMember order) {
        return new Kept.Note(
                order.label(),
                order.target().toString(),
                order.term(),
                Instant.now(),
                DiskUse.of(member.home.data()));
    }

    /** As it was before: data and memory; the memory last, as what makes it true. */
    private void back(Member member, Kept kept) {
        member.down(StopMode.Immediate);
        if (Files.exists(kept.data())) {
            Durable.delete(member.home.data());
            Durable.move(kept.data(), member.home.data());
        }
        member.remember(kept.memoryThen().inTerm(member.known().term()));
    }

    private Restored run(Member member, RestoreMember order, Progress progress) {
        member.writeCertificate(order.certificate());
        var began = System.nanoTime();
        fetch(member, order, progress);
        requireAhead(member, order);
        var fetched = System.nanoTime();
        var bytes = DiskUse.of(member.home.making());
        place(member, order);
        var end = new Replay(member, ground).run(order, progress);
        ground.crash().reached("restore: replayed");
        requireWhole(member, order);
        WalHistory.mend(member.home.data().resolve("pg_wal"), ground.user());
        var result =
                new Restored(
                        member.address(),
                        member.known().systemIdentifier(),
                        end.timeline(),
                        end.lsn(),
                        end.lastTransactionAt(),
                        bytes,
                        millis(began, fetched),
                        millis(fetched, end.at()),
                        order.over());
        serve(member, order, result);
        return result;
    }

    /**
     * Else all WAL were replayed in search of it. Numbers go round: half of them lie before any.
     */
    private void requireAhead(Member member, RestoreMember order) {
        if (!(order.target() instanceof RecoveryTarget.Transaction(var xid, _))) {
            return;
        }
        var bin = ground.installations().bin(order.postgresMajor());
        var oldest = ControlData.oldestTransaction(member.home.making(), bin, ground.tools());
        if ((int) xid - oldest < 0) {
            throw new OrderFailed(
                    "transaction %d is not ahead of backup %s: it had ended before that was taken, when the oldest at work was %s"
                            .formatted(xid, order.label(), Integer.toUnsignedString(oldest)));
        }
    }

    /** Postgres takes a hole in the archive for its end, even below the fork of its timeline. */
    private static void requireWhole(Member member, RestoreMember order) {
        if (!(order.target() instanceof RecoveryTarget.Latest)) {
            return;
        }
        WalHistory.newest(member.home.data().resolve("pg_wal"))
                .flatMap(WalHistory::hole)
                .ifPresent(
                        hole -> {
                            member.down(StopMode.Immediate);
                            throw new OrderFailed("the latest point was not reached: " + hole);
                        });
    }

    /** Of the last restore: an order that comes again after its end is answered the same. */
    private record Account(String label, String target, long term, Restored result) {
        private static final JsonMapper JSON = AgentJson.mapper();

        static Account of(RestoreMember order, Restored result) {
            return new Account(order.label(), order.target().toString(), order.term(), result);
        }

        static Optional<Account> read(MemberHome home) {
            return Durable.read(home.restored()).map(text -> JSON.readValue(text, Account.class));
        }

        void writeTo(MemberHome home) {
            Durable.write(home.restored(), JSON.writeValueAsString(this));
        }

        boolean isOf(RestoreMember order) {
            return label.equals(order.label())
                    && target.equals(order.target().toString())
                    && term == order.term();
        }
    }

    private static long millis(long from, long to) {
        return Duration.ofNanos(to - from).toMillis();
    }

    private void fetch(Member member, RestoreMember order, Progress progress) {
        var home = member.home;
        member.archiving().makePlace();
        var place = member.archiving().place().at(home.making());
        ground.engine().abort(place);
        Durable.delete(home.making());
        ground.user().directory(home.making());
        repositories.requireKey(place, order.source());
        ground.engine()
                .restore(
                        place,
                        order.source(),
                        order.label(),
                        (part, words) -> progress.report(part * 0.7, words));
        ground.engine().keepSource(member.archiving().place(), order.source());
        ground.crash().reached("restore: fetched");
    }

    /** Only from here on is the old data elsewhere. */
    private void place(Member member, RestoreMember order) {
        var home = member.home;
        var identifier = ControlFile.systemIdentifier(home.making()).orElseThrow();
        clean(member);
        if (order.over()) {
            Durable.move(home.data(), new Kept(home).data());
            ground.crash().reached("restore: moved aside");
        }
        Durable.move(home.making(), home.data());
        member.remember(member.known().ofSystem(identifier));
        ground.crash().reached("restore: in place");
    }

    /** What another member's life left in the data and would override ours. */
    private void clean(Member member) {
        var making = member.home.making();
        var auto = making.resolve("postgresql.auto.conf");
        try {
            var ours = new TreeSet<>(Settings.owned(member.known(), member.home, "").keySet());
            ours.addAll(
                    Set.of(
                            "archive_mode",
                            "archive_command",
                            "archive_library",
                            "restore_command",
                            "archive_cleanup_command",
                            "recovery_end_command",
                            "primary_conninfo",
                            "primary_slot_name"));
            var lines =
                    Files.readAllLines(auto).stream()
                            .filter(line -> !isOurs(line, ours))
                            .collect(Collectors.joining("\n", "", "\n"));
            ground.user().file(auto, lines);
            Files.deleteIfExists(making.resolve("standby.signal"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static boolean isOurs(String line, Set<String> ours) {
        var name = line.split("=", 2)[0].strip();
        return ours.contains(name) || name.startsWith("recovery_target");
    }

    /** Its own roles and settings; not archiving before it is told where to. */
    private void serve(Member member, RestoreMember order, Restored result) {
        try {
            new Roles(member.sql(), creation(order)).make();
        } catch (SQLException cause) {
            throw new OrderFailed("roles not set: " + cause.getMessage(), cause);
        }
        ground.crash().reached("restore: roles set");
        member.writeCheckpoint();
        member.down(StopMode.Fast);
        member.archiving().await(order.over());
        ground.engine().forget(member.archiving().place());
        Durable.delete(member.archiving().place().source());
        Account.of(order, result).writeTo(member.home);
        member.remember(member.known().with(order.settings()));
        // Transactions that are prepared need their places, whatever has been agreed since.
        member.lastGood().fallBackOn(new Replay(member, ground).demanded());
        member.remember(member.known().ready());
        ground.crash().reached("restore: ready");
        var ignored = member.up();
    }

    private static Order.CreateMember creation(RestoreMember order) {
        return new Order.CreateMember(
                order.memberId(),
                order.instanceId(),
                order.term(),
                order.postgresMajor(),
                order.settings(),
                order.owner(),
                order.ownerVerifier(),
                order.poolerVerifier(),
                order.replicatorVerifier(),
                order.database(),
                order.certificate());
    }

    /** The kept data is the member's again, as primary of the term. */
    MemberUp undo(Member member, UndoRestore order) {
        ground.engine().abort(member.archiving().place());
        if (order.beyond().isPresent()) {
            return new Undoing(ground, member).undo(order.term(), order.beyond().get());
        }
        var kept = new Kept(member.home);
        if (kept.exists()) {
            back(member, kept);
            ground.crash().reached("undo: back");
            Durable.delete(member.home.restored());
        }
        kept.bringBack();
        member.remember(Undoing.alone(member.requireReady(), order.term()));
        ground.crash().reached("undo: dropped");
        return member.start(order.term(), Optional.of(Map.copyOf(member.known().settings())));
    }
}
