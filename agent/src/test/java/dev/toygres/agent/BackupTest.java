package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.Expired;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Point;
import dev.toygres.agentapi.RecoveryTarget;
import java.sql.Connection;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One history in one repository, and every point in it that can be asked for (D12, R4.53-R4.57).
 */
@Tag("scenario")
final class BackupTest {
    private static final Workshop SHOP = new Workshop();
    private static final Vault VAULT = Vault.local(SHOP, "pitr");

    private static PhysicalBackup full;
    private static PhysicalBackup incremental;
    private static Instant afterTwo;
    private static long xidOfThree;
    private static String lsnAfterFour;
    private static long xidRolledBack;
    private static String rows;

    /** Rows 1 to 6, each in a transaction of its own; backups before 1 and after 2. */
    @BeforeAll
    static void live() throws Exception {
        Workshop.succeeded(VAULT.prove());
        var up = SHOP.create("app-1");
        assertThat(VAULT.archive("app-1", 1).archiving()).isTrue();
        try (var sql = SHOP.sql(up.address().port())) {
            Workshop.run(sql, "CREATE TABLE ledger (id int)");
            full = VAULT.take("app-1", Depth.Full, "b-full");
            insert(sql, 1);
            insert(sql, 2);
            afterTwo = now(sql);
            xidOfThree = insert(sql, 3);
            incremental = VAULT.take("app-1", Depth.Incremental, "b-incremental");
            insert(sql, 4);
            lsnAfterFour = Workshop.value(sql, "SELECT pg_current_wal_lsn()");
            xidRolledBack = rolledBack(sql);
            insert(sql, 5);
            assertThat(VAULT.point("app-1", "before six").archived()).isTrue();
            insert(sql, 6);
            assertThat(VAULT.point("app-1", "end").archived()).isTrue();
            rows = "1,2,3,4,5,6";
        }
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    private static long insert(Connection sql, int id) throws Exception {
        var query = "INSERT INTO ledger VALUES (" + id + ") RETURNING pg_current_xact_id()::text";
        return Long.parseLong(Workshop.value(sql, query));
    }

    private static long rolledBack(Connection sql) throws Exception {
        sql.setAutoCommit(false);
        var xid = insert(sql, 99);
        sql.rollback();
        sql.setAutoCommit(true);
        return xid;
    }

    private static Instant now(Connection sql) throws Exception {
        try (var statement = sql.createStatement();
                var answer = statement.executeQuery("SELECT clock_timestamp()")) {
            answer.next();
            return answer.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static String restored(String label, RecoveryTarget target) throws Exception {
        SHOP.nextToken();
        var up = VAULT.restore("app-2", label, target);
        try (var sql = SHOP.sql(up.address().port())) {
            assertThat(up.timeline()).isEqualTo(2);
            assertThat(Workshop.value(sql, "SHOW archive_command")).isEqualTo("/bin/true");
            return Workshop.value(sql, "SELECT string_agg(id::text, ',' ORDER BY id) FROM ledger");
        } finally {
            SHOP.destroy("app-2");
        }
    }

    @Test
    void tellsWhatItTook() {
        assertThat(full.depth()).isEqualTo(Depth.Full);
        assertThat(full.databases()).contains("app");
        assertThat(full.annotations())
                .containsEntry("name", "b-full")
                .containsEntry("reason", "test");
        assertThat(incremental.depth()).isEqualTo(Depth.Incremental);
        assertThat(incremental.needs()).containsExactly(full.label());
        assertThat(incremental.copiedBytes()).isLessThan(full.copiedBytes());
        assertThat(incremental.systemIdentifier())
                .isEqualTo(SHOP.member("app-1").systemIdentifier().orElseThrow());
    }

    @Test
    void aRepeatedOrderAnswersTheBackupThatIsThere() {
        assertThat(VAULT.take("app-1", Depth.Full, "b-full")).isEqualTo(full);
    }

    @Test
    void listsWhatACatalogueNeedsToBeMadeAnew() {
        var content = VAULT.list();

        assertThat(content.owner()).contains("app");
        assertThat(content.backups())
                .extracting(PhysicalBackup::label)
                .startsWith(full.label(), incremental.label());
        assertThat(content.wal()).hasSize(1);
    }

    @Test
    void remembersRestorePointsForACatalogueThatIsLost() {
        var at = Instant.parse("2026-11-28T18:00:00.123Z");
        var point = new Point("before-six", 2, "1F/5000028", at);
        for (int i = 0; i < 2; i++) {
            Workshop.succeeded(
                    VAULT.order(new BackupOrder.KeepPoint(Vault.APP, VAULT.repository, point)));
        }

        assertThat(VAULT.list().points()).containsExactly(point);
    }

    @Test
    void callsASoundRepositorySound() {
        assertThat(VAULT.verify().faults()).isEmpty();
    }

    @Test
    void restoresTheBackupAsItIs() throws Exception {
        assertThat(restored(incremental.label(), new RecoveryTarget.BackupEnd()))
                .isEqualTo("1,2,3");
    }

    @Test
    void restoresAllThatIsArchived() throws Exception {
        assertThat(restored(full.label(), new RecoveryTarget.Latest())).isEqualTo(rows);
    }

    @Test
    void restoresToATime() throws Exception {
        assertThat(restored(full.label(), new RecoveryTarget.Time(afterTwo, true)))
                .isEqualTo("1,2");
    }

    /** Nobody wrote from then until the store was all that is left. */
    @Test
    void restoresToATimeAfterTheLastCommit() throws Exception {
        assertThat(restored(full.label(), new RecoveryTarget.Time(Instant.now(), true)))
                .isEqualTo(rows);
    }

    @Test
    void restoresToATransactionWithItAndWithoutIt() throws Exception {
        assertThat(restored(full.label(), new RecoveryTarget.Transaction(xidOfThree, true)))
                .isEqualTo("1,2,3");
        assertThat(restored(full.label(), new RecoveryTarget.Transaction(xidOfThree, false)))
                .isEqualTo("1,2");
    }

    /** It leaves a record where it ended, as one that committed does. */
    @Test
    void restoresToATransactionThatWasRolledBack() throws Exception {
        assertThat(restored(full.label(), new RecoveryTarget.Transaction(xidRolledBack, true)))
                .isEqualTo("1,2,3,4");
    }

    @Test
    void namesTheTransactionThatWasNotFound() {
        var target = new RecoveryTarget.Transaction(xidOfThree + 1_000_000, true);

        var status = VAULT.order(VAULT.restoring("app-5", full.label(), target, false));

        assertThat(status.error().orElse(""))
                .contains(
                        "transaction %d was not found".formatted(xidOfThree + 1_000_000),
                        "after the backup, the last of which ended at ");
        SHOP.destroy("app-5");
    }

    /** All WAL was replayed in search of it. */
    @Test
    void aTransactionThatEndedBeforeTheBackupWasLookedForBehindIt() {
        var target = new RecoveryTarget.Transaction(xidOfThree, true);

        var status = VAULT.order(VAULT.restoring("app-6", incremental.label(), target, false));

        assertThat(status.error().orElse(""))
                .contains(
                        "transaction %d is not ahead of backup %s"
                                .formatted(xidOfThree, incremental.label()));
        assertThat(SHOP.memberHome("app-6").resolve("data")).doesNotExist();
        SHOP.destroy("app-6");
    }

    @Test
    void restoresToAPosition() throws Exception {
        assertThat(restored(incremental.label(), new RecoveryTarget.Position(lsnAfterFour, false)))
                .isEqualTo("1,2,3,4");
    }

    @Test
    void restoresToANamedPoint() throws Exception {
        assertThat(restored(incremental.label(), new RecoveryTarget.Name("before six")))
                .isEqualTo("1,2,3,4,5");
    }

    @Test
    void saysThatATargetWasNotReached() {
        var target = new RecoveryTarget.Name("never made");

        var status = VAULT.order(VAULT.restoring("app-3", full.label(), target, false));

        assertThat(status.error().orElse(""))
                .contains("recovery ended before configured recovery target was reached");
        SHOP.destroy("app-3");
    }

    @Test
    void expiresWhatIsAskedForOnly() {
        var vault = Vault.local(SHOP, "expiry");
        Workshop.succeeded(vault.prove());
        SHOP.create("app-4");
        vault.archive("app-4", 1);
        var first = vault.take("app-4", Depth.Full, "one");
        var child = vault.take("app-4", Depth.Incremental, "two");
        var second = vault.take("app-4", Depth.Full, "three");

        var order =
                new BackupOrder.ExpireBackups(
                        Vault.APP, vault.repository, List.of(first.label()), Optional.empty());
        var expired = Workshop.result(vault.order(order), Expired.class);

        assertThat(expired.removed()).containsExactlyInAnyOrder(first.label(), child.label());
        assertThat(vault.list().backups())
                .extracting(PhysicalBackup::label)
                .containsExactly(second.label());
        assertThat(vault.list().wal().getFirst().firstWal()).isEqualTo(second.firstWal());
        SHOP.destroy("app-4");
    }
}
