package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.Checked;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.DumpRestored;
import dev.toygres.agentapi.BackupResult.DumpSize;
import dev.toygres.agentapi.BackupResult.DumpTaken;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.Repository;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Compression;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logical backups: out of one member, whole, into another (R4.48, R4.49, R6.4). */
@Tag("harness")
final class DumpTest {
    private static final Workshop SHOP = new Workshop();
    private static final Vault VAULT = Vault.local(SHOP, "dumps");
    private static final MemberId SOURCE = new MemberId("app-1");
    private static Dump dump;

    @BeforeAll
    static void dump() throws Exception {
        Workshop.succeeded(VAULT.prove());
        var up = SHOP.create("app-1");
        try (var sql = SHOP.sql(up.address().port())) {
            Workshop.run(sql, "CREATE ROLE clerk LOGIN PASSWORD 'secret'");
            Workshop.run(
                    sql,
                    "CREATE TABLE ledger AS SELECT id, md5(id::text) AS note FROM generate_series(1, 20000) id");
            Workshop.run(sql, "GRANT SELECT ON ledger TO clerk");
        }
        dump = take("one");
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    private static Dump take(String label) {
        return take(label, VAULT.repository);
    }

    private static Dump take(String label, Repository repository) {
        var order =
                new BackupOrder.TakeDump(
                        SOURCE, 1, repository, label, List.of(), false, true, Map.of());
        return Workshop.result(VAULT.order(order), DumpTaken.class).dump();
    }

    private static BackupOrder restoring(String to, Repository from) {
        return new BackupOrder.RestoreDump(
                new MemberId(to), 1, from, "one", List.of(), "app", false);
    }

    private static Checked check(String member) {
        var order =
                new BackupOrder.CheckMember(
                        new MemberId(member),
                        1,
                        "app",
                        List.of("SELECT * FROM ledger ORDER BY id"));
        return Workshop.result(VAULT.order(order), Checked.class);
    }

    @Test
    void comesBackInAnotherMemberWithItsRoles() throws Exception {
        var up = SHOP.create("app-2");

        var restored =
                Workshop.result(
                        VAULT.order(restoring("app-2", VAULT.repository)), DumpRestored.class);

        assertThat(restored.databases()).containsExactly("app");
        assertThat(restored.warnings()).isEmpty();
        try (var sql = SHOP.sql(up.address().port(), "clerk", "secret", "app", "verify-full")) {
            assertThat(Workshop.value(sql, "SELECT count(*) FROM ledger")).isEqualTo("20000");
        }
        assertThat(check("app-2").sums().getFirst().sha256())
                .isEqualTo(check("app-1").sums().getFirst().sha256());
        assertThat(check("app-2").sums().getFirst().error())
                .as("a table of the owner was not found: only the system's names were")
                .isEmpty();
        assertThat(check("app-2").sums().getFirst().rows()).isEqualTo(20_000);
        assertThat(check("app-2").corruption()).isEmpty();

        var again = VAULT.order(restoring("app-2", VAULT.repository));
        assertThat(again.error().orElse("")).contains("is not empty");
        SHOP.destroy("app-2");
    }

    /** What could not even begin left an empty database, and said that all was well. */
    @Test
    void isNotRestoredWherePgRestoreIsNotLetIn() throws Exception {
        var up = SHOP.create("app-3");
        try (var sql = SHOP.sql(up.address().port())) {
            Workshop.run(sql, "ALTER DATABASE app CONNECTION LIMIT 0");
        }

        var refused = VAULT.order(restoring("app-3", VAULT.repository));

        assertThat(refused.error().orElse("")).contains("pg_restore of app failed");
        SHOP.destroy("app-3");
    }

    @Test
    void isListedAndSound() {
        assertThat(VAULT.list().dumps()).contains(dump);
        assertThat(verify("one").faults()).isEmpty();
        assertThat(dump.encrypted()).isTrue();
        assertThat(dump.storedBytes()).isLessThan(dump.plainBytes());
        assertThat(take("one")).isEqualTo(dump);
    }

    @Test
    void estimatesBeforeItBegins() {
        var order = new BackupOrder.EstimateDump(SOURCE, 1, List.of());

        var size = Workshop.result(VAULT.order(order), DumpSize.class);

        assertThat(size.bytesByDatabase().get("app")).isGreaterThan(500_000);
    }

    @Test
    void aFlippedByteIsFound() throws Exception {
        var other = take("two");
        var file = Vault.directory(SHOP).resolve("dumps/app/logical/two/database-1");
        flip(file, Files.size(file) / 2);

        assertThat(verify(other.label()).faults()).hasSize(1);
        for (int i = 0; i < 2; i++) {
            Workshop.succeeded(
                    VAULT.order(new BackupOrder.DeleteDump(Vault.APP, VAULT.repository, "two")));
        }
        assertThat(VAULT.list().dumps()).doesNotContain(other);
    }

    /** Nothing is sealed there, and where it was flipped nothing looks. */
    @Test
    void aFlippedByteOfADumpThatIsNotEncryptedWasNotFound() throws Exception {
        var plain =
                new Repository(
                        VAULT.repository.store(),
                        "plain/app",
                        Optional.empty(),
                        Compression.Balanced);
        Workshop.succeeded(
                VAULT.order(new BackupOrder.ProveStore(Vault.APP, plain, true, Optional.empty())));
        take("one", plain);
        assertThat(verify("one", plain).faults()).isEmpty();

        flip(Vault.directory(SHOP).resolve("plain/app/logical/one/database-1"), 10);

        assertThat(verify("one", plain).faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.words()).contains("its checksum is another"));
        SHOP.create("app-4");
        assertThat(VAULT.order(restoring("app-4", plain)).error().orElse(""))
                .contains("its checksum is another");
        SHOP.destroy("app-4");
    }

    private static Verified verify(String label) {
        return verify(label, VAULT.repository);
    }

    private static Verified verify(String label, Repository repository) {
        var order = new BackupOrder.VerifyDump(Vault.APP, repository, label);
        return Workshop.result(VAULT.order(order), Verified.class);
    }

    private static void flip(Path file, long at) throws IOException {
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            content.seek(at);
            var one = content.read();
            content.seek(at);
            content.write(one ^ 1);
        }
    }

    @Test
    void aWrongPassphraseIsFoundBeforeItIsUsed() {
        var wrong =
                new Repository(
                        VAULT.repository.store(),
                        VAULT.repository.path(),
                        Optional.of("battery staple"),
                        VAULT.repository.compression());

        var status = VAULT.order(new BackupOrder.ListRepository(Vault.APP, wrong));

        assertThat(status.error()).contains("what is there is encrypted with another passphrase");
    }

    /** On a host that does not share it, all that had been backed up seemed to be gone. */
    @Test
    void aDirectoryThatIsNotThereWasTakenForAStoreInWhichNothingIsLeft() {
        var elsewhere = Vault.directory(SHOP).resolveSibling("not-mounted");
        var repository = Vault.repository(new BackupStore.Local(elsewhere + ""), "dumps");

        var status = VAULT.order(new BackupOrder.ListRepository(Vault.APP, repository));

        assertThat(status.error().orElse("")).contains("there is no directory " + elsewhere);
        assertThat(elsewhere).doesNotExist();
    }
}
