package dev.toygres.model.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Retention.Reason;
import dev.toygres.model.backup.Retention.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** R4.15-R4.18, P53. */
class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-06-17T12:00:00Z"); // a Wednesday
    private static final RetentionPolicy POLICY = new RetentionPolicy(7, 4, 3);

    private static Backup full(int daysAgo) {
        return backup("f" + daysAgo, BackupKind.Full, BackupState.Available, null, daysAgo, false);
    }

    private static Backup incremental(int daysAgo, String on) {
        return backup(
                "i" + daysAgo, BackupKind.Incremental, BackupState.Available, on, daysAgo, false);
    }

    private static Backup backup(
            String id,
            BackupKind kind,
            BackupState state,
            @org.jspecify.annotations.Nullable String on,
            int daysAgo,
            boolean pinned) {
        Instant stopped = NOW.minus(Duration.ofDays(daysAgo)).minusSeconds(60);
        Lsn lsn = new Lsn(100_000_000L - daysAgo);
        return new Backup(
                id,
                kind,
                state,
                Optional.ofNullable(on),
                stopped.minusSeconds(60),
                stopped,
                kind.isPhysical() ? Optional.of(new Backup.Wal(1, lsn, lsn)) : Optional.empty(),
                pinned);
    }

    private static Verdict decide(RetentionPolicy policy, Backup... backups) {
        return Retention.decide(List.of(backups), policy, ZoneOffset.UTC, NOW, Set.of());
    }

    @Test
    void dailyFullsOfAYearThinOut() {
        Backup[] year =
                IntStream.range(0, 366).mapToObj(RetentionTest::full).toArray(Backup[]::new);

        Verdict verdict = decide(POLICY, year);

        // Sundays: 3 (in the window), 10 and 17 days ago; last days of months: 17, 48 days ago.
        assertThat(verdict.keep().keySet())
                .containsExactlyInAnyOrder(
                        "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f10", "f17", "f48");
        assertThat(verdict.keep().get("f0"))
                .containsExactlyInAnyOrder(
                        Reason.Latest, Reason.Daily, Reason.Weekly, Reason.Monthly);
        assertThat(verdict.keep().get("f7")).containsExactly(Reason.Window);
        assertThat(verdict.keep().get("f10")).containsExactly(Reason.Weekly);
        assertThat(verdict.keep().get("f17")).containsExactly(Reason.Weekly, Reason.Monthly);
        assertThat(verdict.keep().get("f48")).containsExactly(Reason.Monthly);
        assertThat(verdict.walFrom()).contains("f7");
    }

    @Test
    void daysBeginWhereTheUserLives() {
        Backup late = full(10);
        RetentionPolicy weeks = new RetentionPolicy(0, 2, 0);
        Verdict here =
                Retention.decide(
                        List.of(full(0), late, full(9)), weeks, ZoneOffset.UTC, NOW, Set.of());
        Verdict there =
                Retention.decide(
                        List.of(full(0), late, full(9)),
                        weeks,
                        ZoneId.of("Pacific/Kiritimati"),
                        NOW,
                        Set.of());

        assertThat(here.keep()).containsKeys("f0", "f9").doesNotContainKey("f10");
        assertThat(there.keep()).as("Sunday noon is Monday there").containsKeys("f0", "f9");
    }

    @Test
    void theNewestGoodOneAlwaysStays() {
        Verdict verdict =
                decide(
                        new RetentionPolicy(0, 0, 0),
                        full(900),
                        full(800),
                        backup("bad", BackupKind.Full, BackupState.Damaged, null, 700, false),
                        backup("d", BackupKind.Logical, BackupState.Available, null, 500, false),
                        backup("e", BackupKind.Logical, BackupState.Available, null, 400, false));

        assertThat(verdict.keep()).containsOnlyKeys("f800", "e");
        assertThat(verdict.drop()).containsExactly("d", "bad", "f900");
    }

    @Test
    void aChainIsNeverBroken() {
        Verdict verdict =
                decide(
                        new RetentionPolicy(3, 0, 0),
                        full(30),
                        incremental(20, "f30"),
                        incremental(10, "i20"),
                        incremental(1, "i10"),
                        full(40),
                        incremental(35, "f40"));

        assertThat(verdict.keep()).containsOnlyKeys("f30", "i20", "i10", "i1");
        assertThat(verdict.keep().get("i20")).containsExactly(Reason.Chain);
        assertThat(verdict.drop())
                .as("none before one that needs it")
                .containsExactly("i35", "f40");
    }

    @Test
    void thePromisedWindowBeginsWithTheOneBeforeIt() {
        Verdict verdict = decide(new RetentionPolicy(7, 0, 0), full(20), full(9), full(2));

        assertThat(verdict.keep().get("f9")).containsExactly(Reason.Window);
        assertThat(verdict.drop()).containsExactly("f20");
        assertThat(verdict.walFrom()).contains("f9");
    }

    @Test
    void pinnedAndUsedOnesStay() {
        Backup pinned = backup("p", BackupKind.Full, BackupState.Available, null, 900, true);
        Verdict verdict =
                Retention.decide(
                        List.of(pinned, full(800), full(700), full(0)),
                        new RetentionPolicy(1, 0, 0),
                        ZoneOffset.UTC,
                        NOW,
                        Set.of("f800"));

        assertThat(verdict.keep().get("p")).containsExactly(Reason.Pinned);
        assertThat(verdict.keep().get("f800")).containsExactly(Reason.InUse);
        assertThat(verdict.keep()).containsKey("f700"); // the window
        assertThat(verdict.drop()).isEmpty();
    }

    @Test
    void aFullOneStandsForItsWeekWhereThereIsOne() {
        Verdict verdict =
                decide(
                        new RetentionPolicy(0, 4, 0),
                        full(0),
                        full(13),
                        incremental(11, "f13"),
                        incremental(10, "i11"));

        assertThat(verdict.keep()).containsOnlyKeys("f0", "f13");
        assertThat(verdict.keep().get("f13")).containsExactly(Reason.Weekly);
        assertThat(verdict.drop()).containsExactly("i10", "i11");
    }

    @Test
    void whatIsBeingTakenAndFreshEvidenceStay() {
        Verdict verdict =
                decide(
                        POLICY,
                        full(0),
                        backup("c", BackupKind.Full, BackupState.Creating, null, 0, false),
                        backup("x", BackupKind.Full, BackupState.Failed, null, 2, false),
                        backup("y", BackupKind.Full, BackupState.Failed, null, 9, false),
                        backup("z", BackupKind.Full, BackupState.Deleting, null, 1, false));

        assertThat(verdict.keep()).containsOnlyKeys("f0", "c", "x");
        assertThat(verdict.drop()).containsExactly("z", "y");
    }

    @Test
    void keepsItsPromisesWhateverTheHistory() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Backup> backups = history(random);
            RetentionPolicy policy =
                    new RetentionPolicy(random.nextInt(10), random.nextInt(5), random.nextInt(4));

            Verdict verdict = Retention.decide(backups, policy, ZoneOffset.UTC, NOW, Set.of());

            promises(backups, policy, verdict, seed);
        }
    }

    private static List<Backup> history(Random random) {
        List<Backup> backups = new ArrayList<>();
        String last = null;
        for (int day = 150; day >= 0; day--) {
            if (random.nextInt(3) == 0) {
                continue;
            }
            boolean isFull = last == null || random.nextInt(6) == 0;
            BackupState state =
                    random.nextInt(10) == 0 ? BackupState.Damaged : BackupState.Available;
            Backup one =
                    backup(
                            "b" + day,
                            isFull ? BackupKind.Full : BackupKind.Incremental,
                            state,
                            isFull ? null : last,
                            day,
                            random.nextInt(20) == 0);
            backups.add(one);
            last = one.id();
        }
        return backups;
    }

    private static void promises(
            List<Backup> backups, RetentionPolicy policy, Verdict verdict, int seed) {
        Set<String> all = new HashSet<>(verdict.keep().keySet());
        all.addAll(verdict.drop());
        assertThat(all).as("seed %d", seed).hasSize(backups.size());
        Instant start = NOW.minus(Duration.ofDays(policy.dailyRetentionDays()));
        Set<String> gone = new HashSet<>();
        verdict.drop()
                .forEach(
                        id -> {
                            gone.add(id);
                            assertThat(backups)
                                    .as("seed %d: nobody left needs %s", seed, id)
                                    .noneMatch(
                                            one ->
                                                    one.basedOn().equals(Optional.of(id))
                                                            && !gone.contains(one.id()));
                        });
        Chains chains = new Chains(backups);
        assertThat(backups)
                .as("seed %d", seed)
                .filteredOn(
                        one ->
                                one.pinned()
                                        || (chains.isGood(one) && one.startedAt().isAfter(start)))
                .allMatch(one -> verdict.keep().containsKey(one.id()));
        backups.stream()
                .filter(one -> chains.isGood(one) && !one.stoppedAt().isAfter(start))
                .reduce((_, newer) -> newer)
                .ifPresent(
                        base -> {
                            assertThat(verdict.keep()).as("seed %d", seed).containsKey(base.id());
                            assertThat(verdict.walFrom()).contains(base.id());
                        });
    }

    /** The window moved on, and the WAL that was being replayed was gone. */
    @Test
    void walOfWhatIsBeingRestoredWasLetGoOf() {
        Verdict verdict =
                Retention.decide(
                        List.of(full(20), full(9), full(1)),
                        POLICY,
                        ZoneOffset.UTC,
                        NOW,
                        Set.of("f20"));

        assertThat(verdict.keep().get("f20")).contains(Reason.InUse);
        assertThat(verdict.walFrom()).contains("f20");
    }

    /** The engine does not do it, and it would stay Deleting. */
    @Test
    void theLastFullOneWasToGoWhenNoneIsGood() {
        Backup old = backup("f40", BackupKind.Full, BackupState.Failed, null, 40, false);
        Backup damaged = backup("f30", BackupKind.Full, BackupState.Damaged, null, 30, false);

        Verdict verdict = decide(POLICY, old, damaged);

        assertThat(verdict.keep().get("f30")).containsExactly(Reason.Latest);
        assertThat(verdict.drop()).containsExactly("f40");
    }

    /** P53: it stood for the newest good one, and for the base of the window. */
    @Test
    void theGoodChainWentBecauseOfAnIncrementalOnAFullThatFailed() {
        Backup failed = backup("f20", BackupKind.Full, BackupState.Failed, null, 20, false);

        Verdict verdict = decide(POLICY, full(60), failed, incremental(19, "f20"));

        assertThat(verdict.keep().get("f60")).contains(Reason.Latest, Reason.Window);
        assertThat(verdict.walFrom()).contains("f60");
    }
}
