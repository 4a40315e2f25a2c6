package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupOrder.RestoreMember;
import dev.toygres.agentapi.BackupResult.BackupTaken;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.History;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.agentapi.Repository;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A cluster whose archive is younger than its timeline. */
@Tag("harness")
final class LateArchiveTest {
    private static final Fleet FLEET = new Fleet(1);
    private static final InstanceId LATE = new InstanceId("late");
    private static final MemberId MEMBER = new MemberId(LATE.value());
    private static int orders;

    @AfterAll
    static void leaveNothingBehind() {
        FLEET.close();
    }

    @Test
    void aBackupLeadsAlongATimelineThatBeganBeforeAnythingWasArchived() throws Exception {
        var first = Vault.repository(new BackupStore.Local(directory("first")), "first");
        FLEET.createPrimary(1, Map.of("shared_buffers", "16MB", "max_connections", "77"));
        prove(Fleet.APP, first);
        configure(Fleet.id(1), first);
        var source = take(Fleet.id(1), first, Depth.Full, "source");

        // Its settings are lower than those of the backup, and it archives nowhere: timeline 2.
        var restored = restore(MEMBER, first, source, "latest");
        assertThat(restored.timeline()).isEqualTo(2);
        var late = Vault.repository(new BackupStore.Local(directory("late")), "late");
        prove(LATE, late);
        configure(MEMBER, late);
        assertThat(list(late).histories()).extracting(History::timeline).containsExactly(2);

        var full = take(MEMBER, late, Depth.Full, "full");
        restore(new MemberId("copy-1"), late, full, "2");

        // As an older agent left it.
        Files.delete(historyIn(late));
        assertThat(list(late).histories()).isEmpty();
        var healed = take(MEMBER, late, Depth.Incremental, "healed");
        assertThat(list(late).histories()).extracting(History::timeline).containsExactly(2);
        restore(new MemberId("copy-2"), late, healed, "2");
    }

    private static Restored restore(
            MemberId to, Repository source, PhysicalBackup backup, String timeline) {
        var like =
                (RestoreMember)
                        FLEET.restoring(to, source, backup.label(), new RecoveryTarget.Latest());
        return Workshop.result(
                order(
                        new RestoreMember(
                                like.memberId(),
                                like.instanceId(),
                                like.term(),
                                like.postgresMajor(),
                                like.settings(),
                                like.source(),
                                like.label(),
                                like.target(),
                                timeline,
                                like.owner(),
                                like.ownerVerifier(),
                                like.poolerVerifier(),
                                like.replicatorVerifier(),
                                like.database(),
                                like.certificate(),
                                like.over())),
                Restored.class);
    }

    private static void prove(InstanceId instance, Repository repository) {
        Workshop.succeeded(
                order(new BackupOrder.ProveStore(instance, repository, true, Optional.empty())));
    }

    private static void configure(MemberId member, Repository repository) {
        Workshop.succeeded(order(new BackupOrder.ConfigureArchive(member, 1, repository)));
    }

    private static PhysicalBackup take(
            MemberId member, Repository repository, Depth depth, String name) {
        return Workshop.result(
                        order(
                                new BackupOrder.TakeBackup(
                                        member,
                                        1,
                                        repository,
                                        depth,
                                        name,
                                        Map.of("reason", "test"),
                                        0,
                                        Optional.empty())),
                        BackupTaken.class)
                .backup();
    }

    private static Content list(Repository repository) {
        return Workshop.result(
                order(new BackupOrder.ListRepository(LATE, repository)), Content.class);
    }

    private static Path historyIn(Repository repository) throws IOException {
        var store = Path.of(((BackupStore.Local) repository.store()).path());
        try (var files = Files.walk(store)) {
            return files.filter(one -> one.getFileName().toString().startsWith("00000002.history"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String directory(String name) throws IOException {
        var all = Files.createDirectories(FLEET.home.resolve("vaults-" + name));
        Files.setPosixFilePermissions(all, PosixFilePermissions.fromString("rwx--x--x"));
        return all.resolve("vault").toString();
    }

    private static JobStatus order(BackupOrder order) {
        var envelope = new OrderEnvelope(order.subject(), Lane.backup, 1, 1, order);
        return FLEET.agent(1).put("late-" + ++orders, envelope, Duration.ofSeconds(110));
    }
}
