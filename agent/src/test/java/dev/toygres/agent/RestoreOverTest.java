package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.History;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.model.MemberId;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore over a member changes its term and keeps what was (D12, S12, P54). */
@Tag("scenario")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RestoreOverTest {
    private static final MemberId MEMBER = new MemberId("app-1");
    private static final RecoveryTarget WITHOUT_THE_LOSS = new RecoveryTarget.Name("good");

    private static final Workshop SHOP = new Workshop();
    private static final Vault VAULT = Vault.local(SHOP, "over");
    private static PhysicalBackup full;
    private static long term = 1;

    /** Rows 1 and 2; then somebody deletes them. */
    @BeforeAll
    static void loseRows() throws Exception {
        Workshop.succeeded(VAULT.prove());
        var up = SHOP.create("app-1");
        VAULT.archive("app-1", 1);
        full = VAULT.take("app-1", Depth.Full, "before");
        try (var sql = SHOP.sql(up.address().port())) {
            Workshop.run(sql, "CREATE TABLE ledger AS SELECT generate_series(1, 2) AS id");
            VAULT.point("app-1", "good");
            Workshop.run(sql, "DELETE FROM ledger");
            VAULT.point("app-1", "bad");
        }
    }

    @AfterAll
    static void leaveNothingBehind() {
        SHOP.close();
    }

    /** The next term has no primary yet. */
    @BeforeEach
    void fence() {
        Workshop.succeeded(SHOP.order(new Order.FenceMember(MEMBER, ++term)));
    }

    private static BackupOrder restoring(RecoveryTarget target) {
        return VAULT.restoring("app-1", full.label(), target, true, term);
    }

    private static String rows() throws Exception {
        try (var sql = SHOP.sql(SHOP.member("app-1").address().orElseThrow().port())) {
            return Workshop.value(sql, "SELECT count(*) FROM ledger");
        }
    }

    @Test
    @org.junit.jupiter.api.Order(1)
    void aFencedMemberArchivesNothing() {
        assertThat(SHOP.memberHome("app-1").resolve("backup/may-archive")).doesNotExist();
    }

    @Test
    @org.junit.jupiter.api.Order(2)
    void aRestoreThatFailsLeavesTheOldDataWhereItWas() throws Exception {
        var status = VAULT.order(restoring(new RecoveryTarget.Name("never made")));

        assertThat(status.state()).isEqualTo(JobStatus.State.Failed);
        assertThat(SHOP.member("app-1").kept()).isEmpty();
        Workshop.succeeded(SHOP.order(new Order.UnfenceMember(MEMBER, term)));
        assertThat(rows()).isEqualTo("0");
    }

    /** Each over the data of the one before: what that had kept goes when the next succeeds. */
    @ParameterizedTest
    @org.junit.jupiter.api.Order(3)
    @ValueSource(
            strings = {
                "restore: earlier set aside",
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
        SHOP.restartAgent(dying);
        var order = restoring(WITHOUT_THE_LOSS);
        SHOP.begin("dying " + point, order);
        dying.awaitDeath();
        SHOP.restartAgent();

        Workshop.succeeded(VAULT.order(order));

        assertThat(rows()).isEqualTo("2");
        assertThat(SHOP.member("app-1").kept()).isPresent();
        assertThat(SHOP.memberHome("app-1").resolve("kept-before")).doesNotExist();
    }

    @Test
    @org.junit.jupiter.api.Order(4)
    void bringsTheRowsBackAndWhatTheyReplacedToo() throws Exception {
        Workshop.succeeded(SHOP.order(new Order.UnfenceMember(MEMBER, term)));
        assertThat(VAULT.archive("app-1", term).archiving()).isTrue();
        fence();

        var restored = Workshop.result(VAULT.order(restoring(WITHOUT_THE_LOSS)), Restored.class);

        assertThat(restored.kept()).isTrue();
        assertThat(restored.timeline()).isEqualTo(3);
        assertThat(VAULT.archive("app-1", term).archiving()).isTrue();
        assertThat(timelines())
                .as("the new timeline's history is archived, or the next restore takes its number")
                .containsExactly(2, 3);
        try (var sql = SHOP.sql(restored.address().port())) {
            Workshop.run(sql, "DROP TABLE ledger");
        }
        fence();

        var undone =
                Workshop.result(
                        VAULT.order(new BackupOrder.UndoRestore(MEMBER, term, Optional.of(3))),
                        MemberUp.class);

        assertThat(undone.address().port()).isEqualTo(restored.address().port());
        assertThat(rows()).as("as the restore before had left it").isEqualTo("2");
        assertThat(SHOP.member("app-1").kept()).isEmpty();
        assertThat(SHOP.member("app-1").term()).isEqualTo(term);
        VAULT.archive("app-1", term);
        assertThat(timelines()).as("no two histories have one number").containsExactly(2, 3, 4);
    }

    /** Two rows before, three in what was restored. */
    private void restoreAndGoOn() throws Exception {
        var restored = Workshop.result(VAULT.order(restoring(WITHOUT_THE_LOSS)), Restored.class);
        try (var sql = SHOP.sql(restored.address().port())) {
            Workshop.run(sql, "INSERT INTO ledger VALUES (3)");
        }
        fence();
    }

    private static BackupOrder undoing() {
        return new BackupOrder.UndoRestore(MEMBER, term, Optional.of(9));
    }

    @ParameterizedTest
    @org.junit.jupiter.api.Order(5)
    @ValueSource(
            strings = {
                "undo: set aside",
                "undo: noted",
                "undo: remembered",
                "undo: moved aside",
                "undo: back",
                "undo: ready",
                "undo: answered",
                "undo: dropped"
            })
    void d12AnUndoThatWasCutShortIsRepeated(String point) throws Exception {
        restoreAndGoOn();
        var dying = new Dying(point);
        SHOP.restartAgent(dying);
        SHOP.begin("dying " + point, undoing());
        dying.awaitDeath();
        SHOP.restartAgent();

        Workshop.succeeded(VAULT.order(undoing()));

        assertThat(rows()).isEqualTo("2");
        assertThat(SHOP.member("app-1").kept()).isEmpty();
        assertThat(SHOP.memberHome("app-1").resolve("kept-before")).doesNotExist();
    }

    @ParameterizedTest
    @org.junit.jupiter.api.Order(6)
    @ValueSource(strings = {"undo: remembered", "undo: moved aside", "undo: ready"})
    void d12AnUndoThatWasCutShortIsTakenBack(String point) throws Exception {
        restoreAndGoOn();
        var dying = new Dying(point);
        SHOP.restartAgent(dying);
        SHOP.begin("dying " + point, undoing());
        dying.awaitDeath();
        SHOP.restartAgent();

        Workshop.succeeded(VAULT.order(new BackupOrder.KeepRestored(MEMBER, term)));

        assertThat(rows()).isEqualTo("3");
        assertThat(SHOP.member("app-1").kept()).isPresent();
        fence();
        Workshop.succeeded(VAULT.order(undoing()));
        assertThat(rows()).isEqualTo("2");
    }

    /** It was deleted before the former data had answered: then nothing was left. */
    @Test
    @org.junit.jupiter.api.Order(7)
    void d12WhatWasRestoredWasGoneWhenTheFormerDataWasNoGood() throws Exception {
        restoreAndGoOn();
        Files.delete(SHOP.memberHome("app-1").resolve("kept/data/global/pg_control"));

        var status = VAULT.order(undoing());

        assertThat(status.state()).isEqualTo(JobStatus.State.Failed);
        Workshop.succeeded(VAULT.order(new BackupOrder.KeepRestored(MEMBER, term)));
        assertThat(rows()).isEqualTo("3");
        assertThat(SHOP.member("app-1").kept()).isPresent();
    }

    private static List<Integer> timelines() {
        return VAULT.list().histories().stream().map(History::timeline).toList();
    }
}
