package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.BackupTaken;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.agentapi.Repository;
import dev.toygres.model.Lane;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a primary had not archived when it went is archived by the one after it (S8). */
@Tag("harness")
final class InheritedWalTest {
    private static final Fleet FLEET = new Fleet(2);
    private static int orders;

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    void archivesWhatTheLastPrimaryHadWaitingAtAFailover() throws Exception {
        FLEET.createPrimary(1);
        FLEET.createReplica(2, 1);
        var repository = Vault.repository(new BackupStore.Local(directory()), "inherited");
        Workshop.succeeded(
                order(
                        1,
                        new BackupOrder.ProveStore(Fleet.APP, repository, true, Optional.empty())));
        for (int host = 1; host <= 2; host++) {
            Workshop.succeeded(
                    order(
                            host,
                            new BackupOrder.ConfigureArchive(
                                    Fleet.id(host), FLEET.term, repository)));
        }
        FLEET.run(1, "CREATE TABLE ledger (i int)");
        endSegment(1);
        Eventually.within(
                Duration.ofSeconds(30),
                () -> {
                    assertThat(list(repository).wal()).isNotEmpty();
                    assertThat(kept(2)).as("by the standby").isPresent();
                });

        var backup = Workshop.result(order(1, taking(repository)), BackupTaken.class).backup();

        // The store takes nothing from now on, as with an archiver that is behind or paused.
        Files.delete(FLEET.memberHome(1).resolve("backup/may-archive"));
        for (int i = 0; i < 3; i++) {
            FLEET.run(1, "INSERT INTO ledger VALUES (" + i + ")");
            endSegment(1);
        }
        FLEET.run(1, "INSERT INTO ledger VALUES (9)");
        // Of what a standby got it removes all that its restartpoint does not need.
        checkpoint(1);
        FLEET.await(2, FLEET.ask(1, "SELECT pg_current_wal_lsn()::text"));
        checkpoint(2);
        FLEET.term++;
        var end = FLEET.fence(1).lsn();
        FLEET.await(2, end);
        assertThat(FLEET.promote(2, List.of()).timeline()).isEqualTo(2);
        endSegment(2);

        Eventually.within(
                Duration.ofSeconds(60),
                () -> {
                    var now = list(repository);
                    assertThat(now.histories()).isNotEmpty();
                    var fork = now.histories().getFirst().way().getFirst();
                    var second = now.wal().stream().filter(one -> one.timeline() == 2).findFirst();
                    assertThat(second).isPresent();
                    assertThat(now.wal())
                            .as("all of timeline 1 up to the segment in which it was left")
                            .filteredOn(one -> one.timeline() == 1)
                            .singleElement()
                            .satisfies(
                                    one ->
                                            assertThat(one.toLsn())
                                                    .isEqualTo(second.get().fromLsn()));
                    assertThat(Lsn.parse(fork.lsn()))
                            .isGreaterThanOrEqualTo(Lsn.parse(second.get().fromLsn()));
                });
        keepsNoMoreThanIsNeeded();
        refusesTheLatestOverAHole(repository, backup.label());
    }

    /** What Postgres takes for the end of all WAL is not the latest that was acknowledged. */
    private static void refusesTheLatestOverAHole(Repository repository, String label)
            throws IOException {
        Files.delete(newestSegment("0000000100000000"));
        var copy = new MemberId("copy");
        var latest =
                order(1, FLEET.restoring(copy, repository, label, new RecoveryTarget.Latest()));
        assertThat(latest.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(latest.error().orElseThrow())
                .contains("the latest point was not reached", "is not in the archive");
        Workshop.succeeded(
                order(1, FLEET.restoring(copy, repository, label, new RecoveryTarget.BackupEnd())));
    }

    private static Path newestSegment(String prefix) throws IOException {
        try (var files = Files.walk(FLEET.home.resolve("vaults"))) {
            return files.filter(one -> one.getFileName().toString().matches(prefix + ".{8}-.*"))
                    .max(Comparator.comparing(one -> one.getFileName().toString()))
                    .orElseThrow();
        }
    }

    private static BackupOrder taking(Repository repository) {
        return new BackupOrder.TakeBackup(
                Fleet.id(1),
                FLEET.term,
                repository,
                Depth.Full,
                "before",
                Map.of("reason", "test"),
                0,
                Optional.empty());
    }

    /** The new primary has its own archiver; the new standby follows what that has archived. */
    private static void keepsNoMoreThanIsNeeded() {
        FLEET.rejoin(1, 2);
        Eventually.within(
                Duration.ofSeconds(30),
                () -> {
                    assertThat(kept(2)).as("by the primary").isEmpty();
                    assertThat(kept(1)).as("by the standby").isPresent();
                });
        var before = kept(1).orElseThrow();
        endSegment(2);
        Eventually.within(
                Duration.ofSeconds(30),
                () -> assertThat(kept(1).orElseThrow()).isGreaterThan(before));
    }

    private static Optional<Lsn> kept(int host) {
        var from =
                FLEET.ask(
                        host,
                        "SELECT coalesce(min(restart_lsn)::text, '') FROM pg_replication_slots"
                                + " WHERE slot_name = 'toygres_unarchived'");
        return from.isEmpty() ? Optional.empty() : Optional.of(Lsn.parse(from));
    }

    private static void checkpoint(int host) {
        FLEET.order(host, new Order.Checkpoint(Fleet.id(host), FLEET.term));
    }

    /** Without waiting for the archiver. */
    private static void endSegment(int host) {
        Workshop.succeeded(
                order(
                        host,
                        new BackupOrder.CreateRestorePoint(
                                Fleet.id(host), FLEET.term, "p" + ++orders, Duration.ZERO)));
    }

    private static String directory() throws IOException {
        var all = Files.createDirectories(FLEET.home.resolve("vaults"));
        Files.setPosixFilePermissions(all, PosixFilePermissions.fromString("rwx--x--x"));
        return all.resolve("vault").toString();
    }

    private static Content list(Repository repository) {
        return Workshop.result(
                order(1, new BackupOrder.ListRepository(Fleet.APP, repository)), Content.class);
    }

    private static JobStatus order(int host, BackupOrder order) {
        var envelope = new OrderEnvelope(order.subject(), Lane.backup, 1, 1, order);
        return FLEET.agent(host).put("archive-" + ++orders, envelope, Duration.ofSeconds(110));
    }
}
