package dev.toygres.orchestrations.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.durable.OperationState;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.House;
import dev.toygres.store.backup.BackupRow;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A restore over an instance on a real catalogue (D12, S12, P54). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreInPlaceTest {
    private final House house = new House("restore_in_place");

    @AfterAll
    void close() {
        house.close();
    }

    @BeforeEach
    void clear() {
        house.clear();
        Backed.up(house, "pg");
    }

    private void over() {
        Backed.done(house, house.restores.restore(Backed.over("pg", true)));
    }

    private long term() {
        return house.desk.get("pg").term();
    }

    @Test
    void r437NothingIsReplacedThatNobodyHasConfirmed() {
        assertThatThrownBy(() -> house.restores.restore(Backed.over("pg", false)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("not-confirmed"))
                .hasMessageContaining("confirmDestructive");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
    }

    @Test
    void s12ItIsAChangeOfTermAndEveryReplicaIsCopiedAnew() {
        Backed.replica(house, "pg", "pg-r1", "Sync");
        house.watch.look();
        long before = term();

        over();

        assertThat(term()).isEqualTo(before + 1);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.agent.effects())
                .containsSubsequence(
                        "pg-m1 waits for []",
                        "stop pg-r1",
                        "fence pg-m1",
                        "restore over pg-m1 to Latest[]",
                        "destroy pg-r1",
                        "clone pg-r1");
    }

    @Test
    void p54TheNewHistoryHasABackupOfItsOwnAtOnce() {
        over();

        assertThat(house.backups.list("pg", 10, Optional.empty()))
                .extracting(BackupRow::cause)
                .contains("after-restore");
    }

    @Test
    void d12TheFormerDataComesBackOnce() {
        over();
        long before = term();

        Backed.done(house, house.restores.undo("pg"));

        assertThat(term()).isEqualTo(before + 1);
        assertThat(house.agent.effects()).contains("undo restore of pg-m1");
        assertThatThrownBy(() -> house.restores.undo("pg"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("nothing-to-undo"));
    }

    /** What the restore had made was gone before the former data had answered. */
    @Test
    void d12AnUndoOfDataThatIsNoGoodWasTriedForEver() {
        over();
        Backed.settle(house);
        house.agent.failing("UndoRestore", "the target was not reached", 9999);

        OperationState state = house.finish(house.restores.undo("pg"));

        assertThat(state).isEqualTo(OperationState.Failed);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.agent.effects()).contains("keep what was restored of pg-m1");
        assertThat(house.agent.members()).containsEntry("pg-m1", "Running");
        house.agent.failing("", "", 0);
        Backed.done(house, house.restores.undo("pg"));
    }

    /** S1: nor is the next term opened where it is known to be another's. */
    @Test
    void s1NothingIsStoppedForATermThatIsAnothers() {
        Backed.replica(house, "pg", "pg-r1", "Async");
        house.agent.inTerm("pg-r1", term() + 2);
        house.watch.look();

        OperationState state = house.finish(house.restores.restore(Backed.over("pg", true)));

        assertThat(state).isEqualTo(OperationState.Failed);
        assertThat(term()).isEqualTo(1);
        assertThat(house.agent.effects()).doesNotContain("stop pg-r1", "fence pg-m1");
    }

    /** S1: the term that was opened is another's, which a catalogue from a backup has forgotten. */
    @Test
    void s1TheOldDataServesInNoTermThatIsAnothers() {
        Backed.replica(house, "pg", "pg-r1", "Async");
        house.watch.look();
        house.agent.failing("RestoreMember", "the store is gone", 9999);
        String restore = house.restores.restore(Backed.over("pg", true));
        house.agent.isPrimary("pg-r1", term() + 1);

        house.untilAsked(restore);

        assertThat(house.operation(restore).question().orElseThrow())
                .contains("pg-r1 is primary in term 2");
        assertThat(house.agent.effects()).contains("fence pg-m1").doesNotContain("unfence pg-m1");
    }

    /** It found out with the instance stopped. */
    @Test
    void whatIsNotInTheStoreStopsNothing() {
        house.agent.backups.lose(
                house.backups.list("pg", 1, Optional.empty()).getFirst().id() + "-e");

        String restore = house.restores.restore(Backed.over("pg", true));

        assertThat(house.finish(restore)).isEqualTo(OperationState.Failed);
        assertThat(house.operation(restore).error().orElseThrow()).contains("nothing was stopped");
        assertThat(house.agent.effects()).doesNotContain("fence pg-m1");
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(term()).isEqualTo(1);
    }

    @Test
    void p54OneThatFailsLeavesTheOldDataServing() {
        house.agent.failing("RestoreMember", "the store is gone", 9999);

        OperationState state = house.finish(house.restores.restore(Backed.over("pg", true)));

        assertThat(state).isEqualTo(OperationState.Failed);
        assertThat(house.desk.get("pg").state()).isEqualTo(InstanceState.Running);
        assertThat(house.agent.members()).containsEntry("pg-m1", "Running");
        assertThat(house.restores.list("pg").getFirst().trouble())
                .get()
                .asString()
                .contains("the store is gone", "pg serves its old data again");
        assertThatThrownBy(() -> house.restores.undo("pg")).hasMessageContaining("no data");
    }
}
