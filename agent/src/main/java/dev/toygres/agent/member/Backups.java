package dev.toygres.agent.member;

import dev.toygres.agent.backup.BackupEngine;
import dev.toygres.agent.backup.Dumps;
import dev.toygres.agent.backup.Repositories;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.OfMember;
import dev.toygres.agentapi.BackupResult.ArchiveReady;
import dev.toygres.agentapi.BackupResult.BackupTaken;
import dev.toygres.agentapi.BackupResult.Serving;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.agentapi.Repository;
import java.time.Duration;
import java.util.function.Function;

/**
 * Orders of backup and restore to members. Long ones do not hold the member's lock: a failover does
 * not wait for a backup. A restore does, as a clone does: there is no member yet.
 */
public final class Backups {
    private static final Duration SESSION = Duration.ofSeconds(10);

    private final Ground ground;
    private final Members members;
    private final BackupEngine engine;
    private final Repositories repositories;
    private final Restoring restoring;

    public Backups(Ground ground, Members members) {
        this.ground = ground;
        this.members = members;
        engine = ground.engine();
        repositories = new Repositories(ground.home().host().resolve("stores"), engine);
        restoring = new Restoring(ground, members.ports(), repositories);
    }

    public OrderResult carryOut(BackupOrder order, Progress progress) {
        if (engine.version().isEmpty()) {
            throw new OrderFailed(
                    "pgbackrest 2.45 or later is not installed on this host: it takes no backups");
        }
        return switch (order) {
            case BackupOrder.OfRepository it -> repositories.carryOut(it, progress);
            case OfMember it -> toMember(it, progress);
        };
    }

    private OrderResult toMember(OfMember order, Progress progress) {
        var member = members.member(order.memberId());
        return switch (order) {
            case BackupOrder.ConfigureArchive it -> configure(member, it);
            case BackupOrder.RemoveArchive _ -> locked(member, () -> member.archiving().remove());
            case BackupOrder.CreateRestorePoint it -> RestorePoints.create(member, it);
            case BackupOrder.TakeBackup it -> take(member, it, progress);
            case BackupOrder.AbortBackup _ -> new OrderResult.Done();
            case BackupOrder.RestoreMember it ->
                    members.locked(it.memberId(), one -> restoring.restore(one, it, progress));
            case BackupOrder.UndoRestore it ->
                    members.locked(it.memberId(), one -> restoring.undo(one, it));
            case BackupOrder.KeepRestored it ->
                    members.locked(
                            it.memberId(), one -> new Undoing(ground, one).takeBack(it.term()));
            case BackupOrder.DropKept _ -> locked(member, () -> new Kept(member.home).drop());
            case BackupOrder.EstimateDump it -> new Dumping(ground, member).estimate(it);
            case BackupOrder.TakeDump it ->
                    dumps(
                            member,
                            it.repository(),
                            dumps -> new Dumping(ground, member).take(it, dumps, progress));
            case BackupOrder.RestoreDump it ->
                    dumps(
                            member,
                            it.source(),
                            dumps ->
                                    new DumpRestoring(ground, member).restore(it, dumps, progress));
            case BackupOrder.CheckMember it -> new Checking(ground, member).check(it);
            case BackupOrder.ServeBackup it -> serve(member, it);
        };
    }

    /** The service reaches the primary's Postgres with the agent's key, and no store. */
    private OrderResult serve(Member member, BackupOrder.ServeBackup order) {
        requirePrimary(member.requireReady(), member, "serves no backup");
        member.archiving().makePlace();
        try {
            archiveHistories(member, order.repository());
        } finally {
            engine.forget(member.archiving().place());
        }
        return new Serving(
                engine.serve(
                        member.archiving().place(),
                        () -> new Address(ground.bindAddress(), members.ports().free())));
    }

    private static void requirePrimary(Memory known, Member member, String therefore) {
        if (!known.is(Memory.Role.Primary)) {
            throw new OrderFailed(
                    "member " + member.id + " is " + known.role() + ": it " + therefore);
        }
    }

    private OrderResult dumps(
            Member member, Repository repository, Function<Dumps, OrderResult> work) {
        member.requireReady();
        member.archiving().makePlace();
        var place = member.archiving().place();
        try {
            repositories.requireKey(place, repository);
            return work.apply(new Dumps(engine.objects(place, repository), repository));
        } finally {
            engine.forget(place);
        }
    }

    private OrderResult locked(Member member, Runnable work) {
        return members.locked(
                member.id,
                _ -> {
                    work.run();
                    return new OrderResult.Done();
                });
    }

    /** Before its lane: who takes the backup has that. */
    public void abort(BackupOrder.AbortBackup order) {
        var place = members.member(order.memberId()).archiving().place();
        engine.abort(place);
        engine.endServing(place);
    }

    /** Only the files under the lock: a store that is dead must not keep a failover waiting. */
    private OrderResult configure(Member member, BackupOrder.ConfigureArchive order) {
        var place = member.archiving().place();
        member.archiving().makePlace();
        try {
            repositories.requireKey(place, order.repository());
            // Before the archiver begins: it would wait a minute for a lock that it did not get.
            if (isPrimaryThatAnswers(member)) {
                engine.prepare(place, order.repository());
                ground.crash().reached("archive: prepared");
            }
            locked(member, () -> configureFiles(member, order));
            ground.crash().reached("archive: configured");
            var system = member.known().systemIdentifier();
            if (!isPrimaryThatAnswers(member)) {
                return new ArchiveReady(false, false, system);
            }
            if (!archives(member)) {
                return new ArchiveReady(true, false, system);
            }
            archiveHistories(member, order.repository());
            engine.proveArchive(place, order.repository());
            return new ArchiveReady(false, true, system);
        } finally {
            engine.forget(place);
        }
    }

    /**
     * Postgres has a history archived once, when its timeline begins. One that began while nothing
     * was archived, or that a dead primary had waiting, is in no store: and along a timeline
     * without its history nothing is restored. So every backup looks for them.
     */
    private void archiveHistories(Member member, Repository repository) {
        var histories = WalHistory.files(member.home.data().resolve("pg_wal"));
        if (!histories.isEmpty()) {
            engine.archiveHistories(member.archiving().place(), repository, histories);
        }
    }

    private static void configureFiles(Member member, BackupOrder.ConfigureArchive order) {
        var known = member.requireReady();
        member.remember(known.inTerm(Math.max(known.term(), order.term())));
        member.archiving().configure(order.repository());
    }

    private static boolean isPrimaryThatAnswers(Member member) {
        return member.requireReady().is(Memory.Role.Primary) && member.postgres().isReady();
    }

    private static boolean archives(Member member) {
        return member.sql()
                .asSuperuser(
                        SESSION,
                        "archive_mode is not known",
                        statement -> {
                            try (var rows = statement.executeQuery("SHOW archive_mode")) {
                                return rows.next() && !rows.getString(1).equals("off");
                            }
                        });
    }

    private OrderResult take(Member member, BackupOrder.TakeBackup order, Progress progress) {
        var known = member.requireReady();
        if (order.primary().isEmpty()) {
            requirePrimary(known, member, "is not backed up without its primary");
        }
        if (!member.archiving().isConfigured()) {
            throw new OrderFailed("the archive of member " + member.id + " is not configured");
        }
        member.archiving().makePlace();
        var place = member.archiving().place();
        try {
            repositories.requireKey(place, order.repository());
            var there = engine.find(place, order.repository(), order.name());
            if (there.isPresent()) {
                return new BackupTaken(there.get(), true);
            }
            if (order.primary().isEmpty()) {
                archiveHistories(member, order.repository());
            }
            ground.crash().reached("backup: begins");
            var wish =
                    new BackupEngine.Wish(
                            order.depth(),
                            order.name(),
                            order.annotations(),
                            order.maxRateKilobytes(),
                            DiskUse.of(member.home.data()),
                            order.primary());
            var taken = engine.take(place, order.repository(), wish, progress);
            ground.crash().reached("backup: taken");
            return new BackupTaken(taken, false);
        } finally {
            engine.forget(place);
        }
    }
}
