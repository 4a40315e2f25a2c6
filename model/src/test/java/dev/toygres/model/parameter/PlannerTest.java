package dev.toygres.model.parameter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.parameter.ParameterPlan.Action;
import dev.toygres.model.parameter.ParameterPlan.Step;
import dev.toygres.model.parameter.Planner.Member;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** D13: who is changed, how, and in which order. */
class PlannerTest {
    private static final long RESTART = 400;

    private static ParameterPlan plan(
            Map<String, String> before, Map<String, String> after, ApplyMode mode, long costs) {
        return Planner.plan(
                Some.definitions(),
                List.of(
                        new Member("m1", true, before, after),
                        new Member("r1", false, before, after),
                        new Member("r2", false, before, after)),
                mode,
                costs,
                List.of(),
                List.of());
    }

    /** D13: what ALTER SYSTEM set is somebody's, and wins until it is taken back everywhere. */
    @Test
    void driftIsTakenBackAlsoWhereNothingThatIsAgreedChanges() {
        Map<String, String> same = Map.of("work_mem", "4MB");

        ParameterPlan plan =
                Planner.plan(
                        Some.definitions(),
                        List.of(
                                new Member("m1", true, same, same),
                                new Member("r1", false, same, same)),
                        ApplyMode.Immediate,
                        RESTART,
                        List.of(),
                        List.of("work_mem"));

        assertThat(steps(plan)).containsExactly("r1 Reload work_mem", "m1 Reload work_mem");
    }

    private static List<String> steps(ParameterPlan plan) {
        return plan.steps().stream()
                .filter(step -> step.action() != Action.Trial)
                .map(PlannerTest::words)
                .toList();
    }

    private static String words(Step step) {
        return step.memberId() + " " + step.action() + " " + String.join(",", step.names());
    }

    @Test
    void whatIsTheSameInAnotherUnitIsNoChange() {
        ParameterPlan plan =
                plan(
                        Map.of("work_mem", "4MB"),
                        Map.of("work_mem", "4096kB"),
                        ApplyMode.Immediate,
                        RESTART);

        assertThat(plan.isNothing()).isTrue();
        assertThat(plan.steps()).isEmpty();
    }

    @Test
    void aReloadComesToReplicasFirstAndInterruptsNobody() {
        ParameterPlan plan =
                plan(Map.of(), Map.of("work_mem", "8MB"), ApplyMode.Immediate, RESTART);

        assertThat(steps(plan))
                .containsExactly("r1 Reload work_mem", "r2 Reload work_mem", "m1 Reload work_mem");
        assertThat(plan.interruptionMs()).isZero();
        assertThat(plan.changes().getFirst().oldValue()).contains("4MB");
    }

    @Test
    void whatIsRaisedComesToReplicasBeforeThePrimary() {
        ParameterPlan plan =
                plan(
                        Map.of("max_connections", "100"),
                        Map.of("max_connections", "200"),
                        ApplyMode.Immediate,
                        RESTART);

        assertThat(steps(plan))
                .containsExactly(
                        "r1 Restart max_connections",
                        "r2 Restart max_connections",
                        "m1 Restart max_connections");
        assertThat(plan.interruptionMs()).isEqualTo(400);
    }

    @Test
    void whatIsLoweredComesToThePrimaryBeforeReplicas() {
        assertThat(
                        steps(
                                plan(
                                        Map.of("max_connections", "200"),
                                        Map.of("max_connections", "100"),
                                        ApplyMode.Immediate,
                                        RESTART)))
                .containsExactly(
                        "m1 Restart max_connections",
                        "r1 Restart max_connections",
                        "r2 Restart max_connections");
    }

    @Test
    void aReplicaNeverHasLessThanThePrimaryMayStillHave() {
        Map<String, String> before = Map.of("max_connections", "200");
        Map<String, String> after = Map.of("max_connections", "100", "max_worker_processes", "16");

        assertThat(MemberSettings.suitingBoth(before, after))
                .containsEntry("max_connections", "200")
                .containsEntry("max_worker_processes", "16");
        assertThat(steps(plan(before, after, ApplyMode.Immediate, RESTART)))
                .containsExactly(
                        "r1 Restart max_worker_processes",
                        "r2 Restart max_worker_processes",
                        "m1 Restart max_connections,max_worker_processes",
                        "r1 Restart max_connections",
                        "r2 Restart max_connections");
    }

    @Test
    void aResetToTheDefaultIsAChangeToTheDefault() {
        ParameterPlan plan =
                plan(Map.of("checkpoint_timeout", "10min"), Map.of(), ApplyMode.Immediate, RESTART);

        assertThat(plan.changes().getFirst().newValue()).contains("5min");
        assertThat(plan.changes().getFirst().reset()).isTrue();
    }

    @Test
    void whatNeedsARestartMayWaitForOne() {
        ParameterPlan plan =
                plan(Map.of(), Map.of("shared_buffers", "256MB"), ApplyMode.OnNextRestart, RESTART);

        assertThat(steps(plan))
                .containsExactly(
                        "r1 Restart shared_buffers",
                        "r2 Restart shared_buffers",
                        "m1 Later shared_buffers");
        assertThat(plan.interruptionMs()).isZero();
    }
}
