package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.Point;
import dev.toygres.agentapi.BackupResult.StoreProven;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.MemberId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The directory of a local store: whether it is the one that it is taken for, and has room. */
@Tag("scenario")
final class StorePlaceTest {
    private static final Workshop SHOP = new Workshop();
    private static final Vault VAULT = Vault.local(SHOP, "place");
    private static final MemberId MEMBER = new MemberId("app-1");

    @BeforeAll
    static void anArchive() {
        Workshop.succeeded(VAULT.prove());
        Workshop.memberUp(SHOP.order(preparing("app-1")));
        assertThat(VAULT.archive("app-1", 1).archiving()).isTrue();
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    private static Order.CreateMember preparing(String member) {
        var like = SHOP.creation(member, "app");
        var settings = new HashMap<>(like.settings());
        settings.put("max_prepared_transactions", "5");
        return new Order.CreateMember(
                like.memberId(),
                like.instanceId(),
                like.term(),
                like.postgresMajor(),
                settings,
                like.owner(),
                like.ownerVerifier(),
                like.poolerVerifier(),
                like.replicatorVerifier(),
                like.database(),
                like.certificate());
    }

    private static Path place() {
        return Vault.directory(SHOP);
    }

    /** As where a file system was mounted, and is not: anybody may write there. */
    private static Path unmount() throws IOException {
        var away = Files.move(place(), place().resolveSibling("away"));
        Files.createDirectory(place());
        Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwxrwxrwx"));
        return away;
    }

    private static void mount(Path away) throws IOException {
        Files.delete(place());
        Files.move(away, place());
    }

    private static List<BackupOrder> writing() {
        var point = new Point("lost", 1, "1F/5000028", Instant.parse("2026-11-28T18:00:00Z"));
        return List.of(
                new BackupOrder.ConfigureArchive(MEMBER, 1, VAULT.repository),
                new BackupOrder.ProveStore(Vault.APP, VAULT.repository, false, Optional.empty()),
                new BackupOrder.KeepPoint(Vault.APP, VAULT.repository, point),
                new BackupOrder.ExpireBackups(
                        Vault.APP, VAULT.repository, List.of("gone"), Optional.empty()),
                VAULT.taking("app-1", Depth.Full, "beside"),
                new BackupOrder.TakeDump(
                        MEMBER,
                        1,
                        VAULT.repository,
                        "beside",
                        List.of("app"),
                        false,
                        true,
                        Map.of()));
    }

    @Test
    void whatWasNotMountedWasTakenForAnEmptyStoreAndWrittenTo() throws Exception {
        VAULT.take("app-1", Depth.Full, "before");
        var away = unmount();
        try {
            for (var order : writing()) {
                assertThat(VAULT.order(order).error().orElse(""))
                        .as("%s", order)
                        .contains("what was begun in " + place() + " is not there on this host")
                        .contains("is it mounted");
            }
            assertThat(place()).isEmptyDirectory();
        } finally {
            mount(away);
        }
        assertThat(VAULT.point("app-1", "mounted again").archived()).isTrue();
        assertThat(VAULT.list().wal()).as("without a gap").hasSize(1);
        assertThat(VAULT.verify().faults()).isEmpty();
    }

    /** A failover would lead away from the backups. */
    @Test
    void aDirectoryThatHostsDoNotShareWasTakenForOneStore() throws Exception {
        var seen = Workshop.result(VAULT.prove(), StoreProven.class).mark();
        assertThat(seen).isPresent();
        Workshop.succeeded(proveLike(seen));
        var away = unmount();
        try {
            assertThat(proveLike(seen).error().orElse(""))
                    .contains("the directory " + place() + " on this host is not the one")
                    .contains("mount one file system there");
            assertThat(place()).isEmptyDirectory();
            Workshop.succeeded(VAULT.prove());
            assertThat(proveLike(seen).error().orElse(""))
                    .as("with backups of its own from before")
                    .contains("is not the one that the instance's other hosts see");
        } finally {
            dev.toygres.agent.files.Durable.delete(place());
            Files.move(away, place());
        }
    }

    private static JobStatus proveLike(Optional<String> mark) {
        return VAULT.order(new BackupOrder.ProveStore(Vault.APP, VAULT.repository, false, mark));
    }

    /** For over four minutes the engine waited for WAL that could not arrive. */
    @Test
    void aBackupToAFullStoreWaitedForWalAndBeganAnew() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root"), "only root mounts a small store");
        var small = Files.createTempDirectory("toygres-small");
        run("mount", "-t", "tmpfs", "-o", "size=40m,mode=777", "store", small.toString());
        try {
            var vault =
                    new Vault(
                            SHOP,
                            Vault.repository(
                                    new BackupStore.Local(small.resolve("vault").toString()),
                                    "full"));
            Workshop.succeeded(vault.prove());
            Files.write(small.resolve("ballast"), new byte[10 << 20]);

            var status = vault.order(vault.taking("app-1", Depth.Full, "too-big"));

            assertThat(status.error().orElse(""))
                    .contains("the store " + small.resolve("vault") + " has ")
                    .contains("MB of room left: no backup begins below 32 MB");
        } finally {
            run("umount", "--lazy", small.toString());
            Files.delete(small);
        }
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** It came up while WAL was replayed, and with what is agreed never again. */
    @Test
    void whatHadPreparedTransactionsDidNotComeUpOnceTheyWereNotAgreedAnyMore() throws Exception {
        var port = SHOP.member("app-1").address().orElseThrow().port();
        try (var sql = SHOP.sql(port)) {
            Workshop.run(sql, "CREATE TABLE promised (id int)");
            Workshop.run(sql, "BEGIN");
            Workshop.run(sql, "INSERT INTO promised VALUES (1)");
            Workshop.run(sql, "PREPARE TRANSACTION 'promise'");
        }
        var backup = VAULT.take("app-1", Depth.Full, "promising");
        try (var sql = SHOP.sql(port)) {
            Workshop.run(sql, "ROLLBACK PREPARED 'promise'");
        }

        var restored = VAULT.restore("app-7", backup.label(), new RecoveryTarget.BackupEnd());

        try (var sql = SHOP.sql(restored.address().port())) {
            assertThat(Workshop.value(sql, "SHOW max_prepared_transactions")).isEqualTo("5");
            Workshop.run(sql, "COMMIT PREPARED 'promise'");
            assertThat(Workshop.value(sql, "SELECT count(*) FROM promised")).isEqualTo("1");
        }
        SHOP.destroy("app-7");
    }
}
