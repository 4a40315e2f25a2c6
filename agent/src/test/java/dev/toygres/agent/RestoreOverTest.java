package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore over a member changes its term and keeps what was (D12, S12, P54). */
@Tag("harness")
final class RestoreOverTest {
    private static final MemberId MEMBER = new MemberId("app-1");
    private static final RecoveryTarget WITHOUT_THE_LOSS = new RecoveryTarget.Name("good");

    private final Workshop shop = new Workshop();
    private final Vault vault = Vault.local(shop, "over");
    private PhysicalBackup full;

    /** Rows 1 and 2; then somebody deletes them. */
    @BeforeEach
    void loseRows() throws Exception {
        Workshop.succeeded(vault.prove());
        var up = shop.create("app-1");
        vault.archive("app-1", 1);
        full = vault.take("app-1", Depth.Full, "before");
        try (var sql = shop.sql(up.address().port())) {
            Workshop.run(sql, "CREATE TABLE ledger AS SELECT generate_series(1, 2) AS id");
            vault.point("app-1", "good");
            Workshop.run(sql, "DELETE FROM ledger");
            vault.point("app-1", "bad");
        }
        Workshop.succeeded(shop.order(new Order.FenceMember(MEMBER, 2)));
    }

    @AfterEach
    void leaveNothingBehind() {
        shop.close();
    }

    private BackupOrder restoring(RecoveryTarget target, long term) {
        return vault.restoring("app-1", full.label(), target, true, term);
    }

    private String rows() throws Exception {
        try (var sql = shop.sql(shop.member("app-1").address().orElseThrow().port())) {
            return Workshop.value(sql, "SELECT count(*) FROM ledger");
        }
    }

    @Test
    void bringsTheRowsBackAndTheirLossToo() throws Exception {
        var restored = Workshop.result(vault.order(restoring(WITHOUT_THE_LOSS, 2)), Restored.class);

        assertThat(restored.kept()).isTrue();
        assertThat(restored.timeline()).isEqualTo(2);
        assertThat(rows()).isEqualTo("2");
        assertThat(shop.member("app-1").kept()).isPresent();

        var again = vault.archive("app-1", 2);
        assertThat(again.archiving()).isTrue();
        assertThat(vault.list().histories())
                .as("the new timeline's history is archived, or the next restore takes its number")
                .hasSize(1);

        Workshop.succeeded(
                shop.order(new Order.StopMember(MEMBER, 3, StopMode.Fast)));
        var undone =
                Workshop.result(
                        vault.order(new BackupOrder.UndoRestore(MEMBER, 3)), MemberUp.class);
        assertThat(undone.address().port()).isEqualTo(restored.address().port());
        assertThat(rows()).isEqualTo("0");
        assertThat(shop.member("app-1").kept()).isEmpty();
        assertThat(shop.member("app-1").term()).isEqualTo(3);
    }

    @Test
    void aRestoreThatFailsLeavesTheOldDataWhereItWas() throws Exception {
        var status = vault.order(restoring(new RecoveryTarget.Name("never made"), 2));

        assertThat(status.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(shop.member("app-1").kept()).isEmpty();
        Workshop.succeeded(shop.order(new Order.UnfenceMember(MEMBER, 2)));
        assertThat(rows()).isEqualTo("0");
    }

    @Test
    void aFencedMemberArchivesNothing() {
        assertThat(shop.memberHome("app-1").resolve("backup/may-archive")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "restore: noted",
                "restore: remembered",
                "restore: fetched",
                "restore: moved aside",
                "restore: in place",
                "restore: replaying",
                "restore: replayed",
                "restore: roles set",
                "restore: ready"
            })
    void aRestoreThatWasCutShortIsRepeated(String point) throws Exception {
        var dying = new Dying(point);
        shop.restartAgent(dying);
        var order = restoring(WITHOUT_THE_LOSS, 2);
        var ignored = Thread.ofVirtual().start(() -> vault.order(order));
        dying.awaitDeath();
        shop.restartAgent();

        Workshop.succeeded(vault.order(order));

        assertThat(rows()).isEqualTo("2");
    }
}
