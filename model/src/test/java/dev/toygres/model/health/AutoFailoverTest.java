package dev.toygres.model.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.InstanceState;
import dev.toygres.model.Lsn;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.Successor.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R3.17-R3.25, R3.40-R3.51, D9, P46, P48, P49: every case of the decision. */
class AutoFailoverTest {
    private static PrimarySight away(Duration since) {
        return new PrimarySight.Unreachable(since, "the host of the primary does not answer");
    }

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final HealthMonitorConfig CONFIG = HealthMonitorConfig.DEFAULT;
    private static final PrimarySight DEAD =
            new PrimarySight.Dead(Duration.ofMillis(5), "killed by signal 9");
    private static final FencingOutlook NEVER = new FencingOutlook.Never("there is no lease");

    private static Candidate replica(String id, ReplicaState state, int priority, long lag) {
        return new Candidate(id, state, true, priority, Optional.of(lag));
    }

    private static final List<Candidate> TWO =
            List.of(
                    replica("r1", ReplicaState.Streaming, 50, 100),
                    replica("r2", ReplicaState.Streaming, 50, 0));

    private static Situation of(PrimarySight primary, List<Candidate> candidates) {
        return new Situation(
                CONFIG,
                InstanceState.Running,
                primary,
                candidates,
                new Work.None(),
                List.of(),
                Optional.empty(),
                NEVER,
                NOW);
    }

    private static Situation dead() {
        return of(DEAD, TWO);
    }

    private static Situation with(
            Situation one, Work work, List<Instant> past, Optional<Situation.Pause> pause) {
        return new Situation(
                one.config(),
                one.state(),
                one.primary(),
                one.candidates(),
                work,
                past,
                pause,
                one.outlook(),
                one.now());
    }

    private static Situation within(Situation one, FencingOutlook outlook) {
        return new Situation(
                one.config(),
                one.state(),
                one.primary(),
                one.candidates(),
                one.work(),
                one.past(),
                one.pause(),
                outlook,
                one.now());
    }

    @Test
    void aDeadPrimaryOnALivingHostIsFailedOverAtOnceAndNothingOfItIsGivenUp() {
        assertThat(AutoFailover.of(dead()))
                .isEqualTo(
                        new Decision.FailOver(
                                "r2", "the primary is dead (killed by signal 9)", true, false));
    }

    @Test
    void afterTheRestartTimeoutItMayGoOnWithoutWhatThePrimaryAloneHad() {
        var long_ = new PrimarySight.Dead(CONFIG.restartTimeout(), "killed");

        assertThat(AutoFailover.of(of(long_, TWO)))
                .isInstanceOfSatisfying(
                        Decision.FailOver.class, go -> assertThat(go.lossAllowed()).isTrue());
    }

    @Test
    void whatIsWellOrOnItsWayIsLeftAlone() {
        for (PrimarySight sight :
                List.of(
                        new PrimarySight.Well(),
                        new PrimarySight.Unchecked("new"),
                        new PrimarySight.Recovering(CONFIG.restartTimeout().minusMillis(1)),
                        new PrimarySight.Unfit(CONFIG.restartTimeout().minusMillis(1), "no lease"),
                        new PrimarySight.Stopped(),
                        new PrimarySight.Failing(CONFIG.failureThreshold() - 1, "slow"),
                        away(Duration.ofSeconds(1)))) {
            assertThat(AutoFailover.of(of(sight, TWO)))
                    .as(sight.toString())
                    .isInstanceOf(Decision.Nothing.class);
        }
    }

    /** There was no word of a primary that lay dead behind an operation that did not end. */
    @Test
    void workThatKeepsADeadPrimaryFromBeingReplacedForTooLongIsTold() {
        var work = new Work.Holds("op-1", "UpdateReplica");
        for (PrimarySight sight :
                List.of(
                        new PrimarySight.Dead(CONFIG.restartTimeout(), "killed"),
                        away(CONFIG.restartTimeout()))) {
            assertThat(AutoFailover.of(with(of(sight, TWO), work, List.of(), Optional.empty())))
                    .as(sight.toString())
                    .isInstanceOf(Decision.AlertOnly.class)
                    .extracting(Decision::why)
                    .asString()
                    .contains("operation op-1 (UpdateReplica) is at work on it");
        }
        assertThat(AutoFailover.of(with(dead(), work, List.of(), Optional.empty())))
                .isInstanceOf(Decision.Nothing.class);
    }

    @ParameterizedTest
    @EnumSource(value = InstanceState.class, names = "Running", mode = EnumSource.Mode.EXCLUDE)
    void onlyARunningInstanceFailsOver(InstanceState state) {
        Situation now = dead();
        var other =
                new Situation(
                        now.config(),
                        state,
                        now.primary(),
                        now.candidates(),
                        now.work(),
                        now.past(),
                        now.pause(),
                        now.outlook(),
                        now.now());

        assertThat(AutoFailover.of(other)).isInstanceOf(Decision.Nothing.class);
    }

    @Test
    void plannedWorkIsNeverMistakenForAFailure() {
        var work = new Work.Holds("op-1", "RestartInstance");

        assertThat(AutoFailover.of(with(dead(), work, List.of(), Optional.empty())))
                .as("P48")
                .isInstanceOf(Decision.Nothing.class);
    }

    @Test
    void whatCanBeTakenUpAgainDoesNotHoldAFailoverUp() {
        var work = new Work.Yields("op-1", "AddReplica");

        assertThat(AutoFailover.of(with(dead(), work, List.of(), Optional.empty())))
                .isInstanceOf(Decision.FailOver.class);
    }

    @Test
    void aPauseRestartsTheDeadAndOnlyTellsOfTheHung() {
        var pause = Optional.of(new Situation.Pause(NOW.plusSeconds(60), "we move the rack"));
        var hung = of(new PrimarySight.Failing(9, "timeout"), TWO);

        assertThat(AutoFailover.of(with(dead(), new Work.None(), List.of(), pause)))
                .as("R3.51")
                .isInstanceOf(Decision.Restart.class)
                .extracting(Decision::why)
                .asString()
                .contains("we move the rack");
        assertThat(AutoFailover.of(with(hung, new Work.None(), List.of(), pause)))
                .isInstanceOf(Decision.AlertOnly.class);
    }

    @Test
    void aPauseEndsByItself() {
        var pause = Optional.of(new Situation.Pause(NOW, "over"));

        assertThat(AutoFailover.of(with(dead(), new Work.None(), List.of(), pause)))
                .isInstanceOf(Decision.FailOver.class);
    }

    @Test
    void inTheCooldownADeadPrimaryIsRestartedAndAfterItFailedOver() {
        var justNow = List.of(NOW.minus(CONFIG.cooldown()).plusSeconds(1));
        var longAgo = List.of(NOW.minus(CONFIG.cooldown()));

        assertThat(AutoFailover.of(with(dead(), new Work.None(), justNow, Optional.empty())))
                .as("R3.50")
                .isInstanceOf(Decision.Restart.class);
        assertThat(AutoFailover.of(with(dead(), new Work.None(), longAgo, Optional.empty())))
                .isInstanceOf(Decision.FailOver.class);
    }

    @Test
    void theBudgetOfAnHourIsNotExceeded() {
        var past =
                java.util.stream.IntStream.rangeClosed(1, CONFIG.failoversPerHour())
                        .mapToObj(i -> NOW.minus(Duration.ofMinutes(9L * i)))
                        .toList();

        assertThat(AutoFailover.of(with(dead(), new Work.None(), past, Optional.empty())))
                .isInstanceOf(Decision.Restart.class)
                .extracting(Decision::why)
                .asString()
                .contains("6 times within the last hour");
        assertThat(
                        AutoFailover.of(
                                with(
                                        dead(),
                                        new Work.None(),
                                        past.subList(0, 5),
                                        Optional.empty())))
                .isInstanceOf(Decision.FailOver.class);
    }

    @Test
    void withoutAnEligibleReplicaTheDeadIsRestartedAndTheHungIsTold() {
        List<Candidate> unfit =
                List.of(
                        replica("r1", ReplicaState.Streaming, 50, CONFIG.maxEligibleLagBytes() + 1),
                        replica("r2", ReplicaState.Broken, 50, 0),
                        replica("r3", ReplicaState.Streaming, 0, 0),
                        new Candidate("r4", ReplicaState.Streaming, false, 50, Optional.of(0L)),
                        new Candidate("r5", ReplicaState.Streaming, true, 50, Optional.empty()));

        assertThat(AutoFailover.of(of(DEAD, unfit)))
                .isInstanceOf(Decision.Restart.class)
                .extracting(Decision::why)
                .asString()
                .contains("r1 is 16777217 bytes behind, more than maxEligibleLagBytes")
                .contains("r2 is Broken")
                .contains("r3 is never to be promoted")
                .contains("r4 is never to be promoted")
                .contains("r5 has an unknown lag");
        assertThat(AutoFailover.of(of(new PrimarySight.Failing(3, "timeout"), unfit)))
                .as("R3.25")
                .isInstanceOf(Decision.AlertOnly.class);
        assertThat(AutoFailover.of(of(away(Duration.ofSeconds(9)), List.of())))
                .isInstanceOf(Decision.AlertOnly.class);
    }

    @Test
    void aHangIsKilledAndFailedOverAtTheThreshold() {
        assertThat(AutoFailover.of(of(new PrimarySight.Failing(3, "timeout"), TWO)))
                .isInstanceOfSatisfying(
                        Decision.FailOver.class,
                        go -> {
                            assertThat(go.confirmStop()).isTrue();
                            assertThat(go.lossAllowed()).isFalse();
                        });
    }

    @Test
    void anUnreachablePrimaryIsReplacedOnProofWaitedForOrAskedAbout() {
        var away = of(away(Duration.ofSeconds(9)), TWO);
        var proof = new FencingProof.LeaseExpired("m1", 3, "the last grant", NOW);

        assertThat(AutoFailover.of(within(away, new FencingOutlook.Proven(proof))))
                .as("S5")
                .isInstanceOfSatisfying(
                        Decision.FailOver.class, go -> assertThat(go.confirmStop()).isFalse());
        assertThat(
                        AutoFailover.of(
                                within(
                                        away,
                                        new FencingOutlook.Later(Duration.ofSeconds(1), "ttl"))))
                .isInstanceOf(Decision.Nothing.class);
        assertThat(AutoFailover.of(within(away, NEVER)))
                .as("P46: not reachable is not dead")
                .isInstanceOf(Decision.Ask.class);
    }

    /** S4: whoever is no elector could not keep the old primary from its vouchers. */
    @Test
    void onALeaseThatRunsOutOnlyAnElectorTakesOver() {
        var away = of(away(Duration.ofSeconds(9)), TWO);
        var expiring = new FencingOutlook.Expiring(List.of("r1"), "no replica hears it");
        var nobodys = new FencingOutlook.Expiring(List.of("r7"), "no replica hears it");

        assertThat(AutoFailover.of(within(away, expiring)))
                .isInstanceOfSatisfying(
                        Decision.FailOver.class,
                        go -> {
                            assertThat(go.candidate()).as("r2 is nearer").isEqualTo("r1");
                            assertThat(go.confirmStop()).isFalse();
                        });
        assertThat(AutoFailover.of(within(away, nobodys)))
                .isInstanceOfSatisfying(
                        Decision.AlertOnly.class, tell -> assertThat(tell.why()).contains("r7"));
    }

    /**
     * S7, D7: whoever alone may have an acknowledged row is silent as well. Asked was for a word
     * that there may be two primaries, though the lease of the old one runs out for certain.
     */
    @Test
    void whereTheSyncReplicaIsSilentTooSomebodyIsAskedAndTheLeaseIsWaitedForAllTheSame() {
        var away = of(away(Duration.ofSeconds(9)), TWO);
        var gated = new FencingOutlook.Gated(List.of("r1"), "r9 is silent");
        var nobodys = new FencingOutlook.Gated(List.of("r7"), "r9 is silent");

        assertThat(within(away, gated).able()).extracting(Candidate::id).containsExactly("r1");
        assertThat(AutoFailover.of(within(away, gated)))
                .isInstanceOfSatisfying(
                        Decision.Ask.class,
                        ask -> {
                            assertThat(ask.fence()).isEqualTo(Decision.Fence.ByExpiry);
                            assertThat(ask.why()).contains("r9 is silent").contains("r1 could");
                        });
        assertThat(AutoFailover.of(within(away, nobodys)))
                .isInstanceOfSatisfying(
                        Decision.AlertOnly.class,
                        tell -> assertThat(tell.why()).contains("r9 is silent").contains("r7"));
    }

    /** R3.52, S6: "I cannot reach it" is not "it is dead". */
    @Test
    void aPrimaryThatAWitnessHearsIsNotFailedOver() {
        var away = of(away(Duration.ofSeconds(9)), TWO);

        assertThat(AutoFailover.of(within(away, new FencingOutlook.Heard("r1 hears it"))))
                .isInstanceOfSatisfying(
                        Decision.AlertOnly.class,
                        tell -> assertThat(tell.why()).contains("r1 hears it"));
    }

    /**
     * What takes its time is begun while the lease still runs, and not at the first missed look.
     */
    @Test
    void aSilenceIsSuspectedWhenAThirdOfTheLeaseIsOver() {
        var expiring = new FencingOutlook.Expiring(List.of("r1"), "no replica hears it");
        var third = CONFIG.leaseTtl().dividedBy(3);

        assertThat(AutoFailover.of(within(of(away(third.minusMillis(1)), TWO), expiring)))
                .isInstanceOf(Decision.Nothing.class);
        assertThat(AutoFailover.of(within(of(away(third), TWO), expiring)))
                .isInstanceOf(Decision.FailOver.class);
    }

    /** R3.25, D7: there is a way, and nobody but a person may take it. */
    @Test
    void whoIsTooFarBehindIsAskedAboutWhereNothingElseHelps() {
        List<Candidate> behind =
                List.of(
                        replica(
                                "r1",
                                ReplicaState.Streaming,
                                50,
                                CONFIG.maxEligibleLagBytes() + 1));
        var away = of(away(Duration.ofSeconds(9)), behind);
        var proof = new FencingProof.LeaseExpired("m1", 3, "the last grant", NOW);

        assertThat(AutoFailover.of(within(away, new FencingOutlook.Proven(proof))))
                .isInstanceOfSatisfying(
                        Decision.Ask.class, ask -> assertThat(ask.proof()).isPresent());
        assertThat(AutoFailover.of(within(away, NEVER)))
                .isInstanceOfSatisfying(
                        Decision.Ask.class, ask -> assertThat(ask.proof()).isEmpty());
        assertThat(
                        AutoFailover.of(
                                within(
                                        away,
                                        new FencingOutlook.Expiring(
                                                List.of("r1"), "no replica hears it"))))
                .as("once somebody says so its lease is waited for: an alert alone was no way out")
                .isInstanceOfSatisfying(
                        Decision.Ask.class,
                        ask -> assertThat(ask.fence()).isEqualTo(Decision.Fence.ByExpiry));
        assertThat(AutoFailover.of(of(DEAD, behind)))
                .as("it is started again first")
                .isInstanceOf(Decision.Restart.class);
        assertThat(
                        AutoFailover.of(
                                of(new PrimarySight.Dead(CONFIG.restartTimeout(), "disk"), behind)))
                .as("it does not come back")
                .isInstanceOfSatisfying(
                        Decision.Ask.class,
                        ask -> assertThat(ask.fence()).isEqualTo(Decision.Fence.ByAgent));
    }

    private static final List<PrimarySight> HOPELESS =
            List.of(
                    new PrimarySight.Recovering(CONFIG.restartTimeout()),
                    new PrimarySight.Unfit(CONFIG.restartTimeout(), "there is no data"));

    /** It counted as alive for ever, and nobody was told. */
    @Test
    void aRecoveryThatDoesNotMoveAndDataThatIsGoneAreFailedOverAfterTheRestartTimeout() {
        for (PrimarySight sight : HOPELESS) {
            assertThat(AutoFailover.of(of(sight, TWO)))
                    .as(sight.toString())
                    .isInstanceOfSatisfying(
                            Decision.FailOver.class,
                            go -> {
                                assertThat(go.candidate()).isEqualTo("r2");
                                assertThat(go.confirmStop()).isTrue();
                                assertThat(go.lossAllowed()).isTrue();
                            });
        }
    }

    @Test
    void ofTheHopelessSomebodyIsToldOrAskedWhereNoFailoverMayBe() {
        var pause = Optional.of(new Situation.Pause(NOW.plusSeconds(60), "we move the rack"));
        List<Candidate> behind =
                List.of(
                        replica(
                                "r1",
                                ReplicaState.Streaming,
                                50,
                                CONFIG.maxEligibleLagBytes() + 1));
        for (PrimarySight sight : HOPELESS) {
            assertThat(AutoFailover.of(with(of(sight, TWO), new Work.None(), List.of(), pause)))
                    .as(sight.toString())
                    .isInstanceOfSatisfying(
                            Decision.AlertOnly.class,
                            tell -> assertThat(tell.why()).contains("we move the rack"));
            assertThat(AutoFailover.of(of(sight, behind)))
                    .isInstanceOfSatisfying(
                            Decision.Ask.class,
                            ask -> assertThat(ask.fence()).isEqualTo(Decision.Fence.ByAgent));
            assertThat(AutoFailover.of(of(sight, List.of())))
                    .isInstanceOfSatisfying(
                            Decision.AlertOnly.class,
                            tell -> assertThat(tell.why()).contains("there is no replica"));
        }
    }

    @Test
    void theFrozenReferenceNeitherBlocksNorLies() {
        assertThat(Reference.of(Optional.of(new Lsn(100)), List.of(new Lsn(120), new Lsn(90))))
                .as("a replica may have received more than the primary last said")
                .contains(new Lsn(120));
        assertThat(Reference.of(Optional.empty(), List.of(new Lsn(90)))).contains(new Lsn(90));
        assertThat(Reference.of(Optional.empty(), List.of())).isEmpty();
    }
}
