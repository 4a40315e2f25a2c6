package dev.toygres.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderEnvelope;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.Lane;
import dev.toygres.model.MemberId;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that dies in a backup or a restore: the order is given again, and ends well. */
@Tag("scenario")
final class BackupCrashTest {
    private static final Workshop SHOP = new Workshop();
    private static final Vault VAULT = Vault.local(SHOP, "crashes");
    private static PhysicalBackup base;

    @BeforeAll
    static void anArchive() throws Exception {
        Workshop.succeeded(VAULT.prove());
        SHOP.create("app-1");
        dieDuring("archive: prepared", archive());
        dieDuring("archive: configured", archive());
        assertThat(VAULT.archive("app-1", 1).archiving()).isTrue();
        base = VAULT.take("app-1", Depth.Full, "base");
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    private static BackupOrder archive() {
        return new BackupOrder.ConfigureArchive(new MemberId("app-1"), 1, VAULT.repository);
    }

    private static void dieDuring(String point, BackupOrder order) throws InterruptedException {
        var death = new Dying(point);
        SHOP.restartAgent(death);
        var lane = order instanceof BackupOrder.RestoreMember ? Lane.topology : Lane.backup;
        SHOP.agent()
                .put(
                        "dying " + point,
                        new OrderEnvelope(order.subject(), lane, 1, 1, order),
                        Duration.ZERO);
        death.awaitDeath();
        SHOP.restartAgent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup: begins", "backup: taken"})
    void aBackupThatWasCutShortIsThereOnce(String point) throws Exception {
        var name = point.replaceAll("[^a-z]+", "-");
        dieDuring(point, VAULT.taking("app-1", Depth.Incremental, name));

        VAULT.take("app-1", Depth.Incremental, name);

        assertThat(VAULT.list().backups())
                .filteredOn(one -> name.equals(one.annotations().get("name")))
                .hasSize(1);
        assertThat(VAULT.verify().faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"restore: fetched", "restore: replaying", "restore: roles set"})
    void aRestoreThatWasCutShortIsBegunAnew(String point) throws Exception {
        var member = point.replaceAll("[^a-z]+", "-");
        var order = VAULT.restoring(member, base.label(), new RecoveryTarget.BackupEnd(), false);
        dieDuring(point, order);

        var restored = Workshop.result(SHOP.backup(order), Restored.class);

        try (var sql = SHOP.sql(restored.address().port())) {
            assertThat(Workshop.value(sql, "SELECT 1")).isEqualTo("1");
        }
        SHOP.destroy(member);
    }

    /** S8, S12: its archive command refuses by itself, whoever calls it. */
    @Test
    void aFormerPrimaryCannotArchive() throws Exception {
        var vault = Vault.local(SHOP, "fenced");
        Workshop.succeeded(vault.prove());
        SHOP.create("app-9");
        vault.archive("app-9", 1);
        var script = SHOP.memberHome("app-9").resolve("backup/pgbackrest-archive.sh");
        assertThat(script).exists();

        Workshop.succeeded(SHOP.order(new Order.FenceMember(new MemberId("app-9"), 2)));

        assertThat(Files.exists(script.resolveSibling("may-archive"))).isFalse();
        var process =
                new ProcessBuilder("sh", script.toString(), "pg_wal/000000010000000000000001")
                        .redirectErrorStream(true)
                        .start();
        var words = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isEqualTo(1);
        assertThat(words).contains("not the primary of its term");
    }
}
