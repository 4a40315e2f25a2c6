package dev.toygres.model.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive.WalRange;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.RestoreWindow.Gap;
import dev.toygres.model.backup.Timelines.Switch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** D12: positions are minutes here, and the minute 100 of timeline 1 is position 100. */
class RestoreChoiceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant at(int minute) {
        return START.plusSeconds(60L * minute);
    }

    private static Backup full(String id, int timeline, int minute) {
        return backup(id, null, timeline, minute, BackupState.Available);
    }

    private static Backup backup(
            String id,
            @org.jspecify.annotations.Nullable String on,
            int timeline,
            int minute,
            BackupState state) {
        return new Backup(
                id,
                on == null ? BackupKind.Full : BackupKind.Incremental,
                state,
                Optional.ofNullable(on),
                at(minute - 2),
                at(minute),
                Optional.of(new Backup.Wal(timeline, new Lsn(minute - 2), new Lsn(minute))),
                false);
    }

    private static WalRange wal(int timeline, int from, int to) {
        return new WalRange(timeline, new Lsn(from), new Lsn(to));
    }

    private static List<WalSample> samples(int timeline, int from, int to, int minutesLater) {
        return java.util.stream.IntStream.rangeClosed(from, to)
                .mapToObj(i -> new WalSample(timeline, new Lsn(i), at(i + minutesLater)))
                .toList();
    }

    private static Archive archive(List<WalRange> wal, Backup... backups) {
        return new Archive(
                List.of(backups), wal, Timelines.NONE, 1, samples(1, 0, 300, 0), Optional.empty());
    }

    private static String choice(Archive archive, RestoreTarget target) {
        return choice(archive, target, Optional.empty());
    }

    private static String choice(Archive archive, RestoreTarget target, Optional<String> wanted) {
        return switch (RestoreChoice.of(archive, target, wanted)) {
            case RestoreChoice.From(Backup backup, int timeline) -> backup.id() + "@" + timeline;
            case RestoreChoice.Outside(String reason) -> reason;
        };
    }

    private static RestoreTarget time(int minute) {
        return new RestoreTarget.Time(at(minute), true);
    }

    private static final Archive PLAIN =
            archive(
                    List.of(wal(1, 0, 200)),
                    full("a", 1, 10),
                    full("b", 1, 100),
                    backup("c", "b", 1, 150, BackupState.Available));

    @Test
    void theWindowGoesFromTheFirstBackupToTheLastWal() {
        RestoreWindow window = RestoreWindow.of(PLAIN);

        assertThat(window.earliest()).contains(at(10));
        assertThat(window.latest()).contains(at(200));
        assertThat(window.gaps()).isEmpty();
        assertThat(window.alone()).isEmpty();
    }

    @Test
    void aHoleAfterTheLastBackupIsFoundBeforeSomebodyNeedsWhatFollows() {
        assertThat(PLAIN.brokenAt()).isEmpty();
        Archive holed = archive(List.of(wal(1, 0, 50), wal(1, 60, 90)), full("a", 1, 10));

        assertThat(RestoreWindow.of(holed).gaps()).isEmpty();
        assertThat(holed.brokenAt()).contains(new Lsn(50));
        assertThat(
                        archive(
                                        List.of(wal(1, 0, 50), wal(1, 60, 90)),
                                        full("a", 1, 10),
                                        full("b", 1, 70))
                                .brokenAt())
                .as("a backup after it is the way on")
                .isEmpty();
    }

    @Test
    void theLatestIsRefusedWhereWhatFollowsAHoleWouldBeMissing() {
        Archive holed = archive(List.of(wal(1, 0, 50), wal(1, 60, 90)), full("a", 1, 10));

        assertThat(choice(holed, new RestoreTarget.Latest()))
                .contains("WAL after 0/32 is not in the archive", "to " + at(50));
        assertThat(choice(holed.asIfArchived(at(100)), new RestoreTarget.Latest()))
                .as("the primary has let go of it")
                .contains("cannot be reached");
        assertThat(choice(holed, time(50))).isEqualTo("a@1");
        assertThat(
                        choice(
                                archive(
                                        List.of(wal(1, 0, 50), wal(1, 60, 90)),
                                        full("a", 1, 10),
                                        full("b", 1, 70)),
                                new RestoreTarget.Latest()))
                .as("a backup after it is the way on")
                .isEqualTo("b@1");
    }

    @Test
    void theNewestBackupBeforeTheTargetIsTaken() {
        assertThat(choice(PLAIN, time(10))).isEqualTo("a@1");
        assertThat(choice(PLAIN, time(99))).isEqualTo("a@1");
        assertThat(choice(PLAIN, time(100))).isEqualTo("b@1");
        assertThat(choice(PLAIN, time(200))).isEqualTo("c@1");
        assertThat(choice(PLAIN, new RestoreTarget.Latest())).isEqualTo("c@1");
        assertThat(choice(PLAIN, new RestoreTarget.Position(new Lsn(149), true))).isEqualTo("b@1");
        assertThat(choice(PLAIN, new RestoreTarget.Named("n", 1, new Lsn(150)))).isEqualTo("c@1");
    }

    @Test
    void aTransactionIsLookedForFromTheOldest() {
        assertThat(choice(PLAIN, new RestoreTarget.Transaction(1234, true))).isEqualTo("a@1");
    }

    @Test
    void outsideIsRefusedWithTheWindow() {
        assertThat(choice(PLAIN, time(9)))
                .contains("2026-01-01T00:09:00Z cannot be reached")
                .contains("restorable is 2026-01-01T00:10:00Z to 2026-01-01T03:20:00Z");
        assertThat(choice(PLAIN, time(201))).contains("cannot be reached");
        assertThat(choice(PLAIN, new RestoreTarget.Position(new Lsn(9), true)))
                .contains("position 0/9 cannot be reached");
        assertThat(choice(PLAIN, new RestoreTarget.Position(new Lsn(201), true)))
                .contains("cannot be reached");
        assertThat(choice(archive(List.of()), new RestoreTarget.Latest()))
                .contains("nothing can be restored");
    }

    @Test
    void aGapIsNamedAndNothingInItIsPromised() {
        Archive holed =
                archive(
                        List.of(wal(1, 0, 50), wal(1, 90, 200)),
                        full("a", 1, 10),
                        full("b", 1, 100));

        assertThat(RestoreWindow.of(holed).gaps()).containsExactly(new Gap(at(50), at(100)));
        assertThat(choice(holed, time(50))).isEqualTo("a@1");
        assertThat(choice(holed, time(51)))
                .contains("except 2026-01-01T00:50:00Z to 2026-01-01T01:40:00Z");
        assertThat(choice(holed, time(99))).contains("cannot be reached");
        assertThat(choice(holed, time(100))).isEqualTo("b@1");
        assertThat(choice(holed, new RestoreTarget.Transaction(7, true))).isEqualTo("b@1");
    }

    /** Only who asks knows that it lies before the gap. */
    @Test
    void aTransactionBeforeAGapCouldNotBeReachedFromTheBackupThatWasNamed() {
        Archive holed =
                archive(
                        List.of(wal(1, 0, 50), wal(1, 90, 200)),
                        full("a", 1, 10),
                        full("b", 1, 100));

        assertThat(choice(holed, new RestoreTarget.Transaction(7, true), Optional.of("a")))
                .isEqualTo("a@1");
    }

    @Test
    void aBackupWithoutTheWalThatMakesItConsistentIsNone() {
        Archive broken = archive(List.of(wal(1, 0, 99)), full("a", 1, 10), full("b", 1, 100));

        assertThat(choice(broken, time(99))).isEqualTo("a@1");
        assertThat(choice(broken, new RestoreTarget.Latest())).isEqualTo("a@1");
    }

    @Test
    void onlyGoodChainsCount() {
        Archive broken =
                archive(
                        List.of(wal(1, 0, 200)),
                        full("a", 1, 10),
                        backup("b", null, 1, 100, BackupState.Damaged),
                        backup("c", "b", 1, 120, BackupState.Available),
                        backup("d", null, 1, 140, BackupState.Creating));

        assertThat(choice(broken, time(200))).isEqualTo("a@1");
    }

    @Test
    void whatIsKeptAloneIsRestoredOnlyAsItIs() {
        Archive thinned =
                new Archive(
                        List.of(full("old", 1, 10), full("b", 1, 100)),
                        List.of(wal(1, 8, 11), wal(1, 98, 200)),
                        Timelines.NONE,
                        1,
                        samples(1, 0, 300, 0),
                        Optional.of(at(100)));

        RestoreWindow window = RestoreWindow.of(thinned);

        assertThat(window.earliest()).contains(at(100));
        assertThat(window.gaps()).isEmpty();
        assertThat(window.alone()).containsExactly("old");
        assertThat(choice(thinned, new RestoreTarget.BackupItself(), Optional.of("old")))
                .isEqualTo("old@1");
        assertThat(choice(thinned, new RestoreTarget.Latest(), Optional.of("old")))
                .as("it would silently end at its own WAL")
                .contains("cannot be reached from backup old");
    }

    @Test
    void aNamedBackupIsTakenIfItReaches() {
        assertThat(choice(PLAIN, time(200), Optional.of("a"))).isEqualTo("a@1");
        assertThat(choice(PLAIN, time(120), Optional.of("c")))
                .contains("cannot be reached from backup c");
        assertThat(choice(PLAIN, new RestoreTarget.BackupItself(), Optional.of("b")))
                .isEqualTo("b@1");
    }

    /** Failover at 100 to timeline 2; the old primary had archived up to 104. */
    private static final Archive FAILED_OVER =
            new Archive(
                    List.of(full("a", 1, 10), full("z", 1, 104), full("b", 2, 150)),
                    List.of(wal(1, 0, 104), wal(2, 96, 200)),
                    new Timelines(Map.of(2, List.of(new Switch(1, new Lsn(100))))),
                    2,
                    java.util.stream.Stream.concat(
                                    samples(1, 0, 100, 0).stream(),
                                    samples(2, 101, 200, 0).stream())
                            .toList(),
                    Optional.empty());

    @Test
    void aFailoverIsFollowed() {
        assertThat(choice(FAILED_OVER, time(50))).isEqualTo("a@2");
        assertThat(choice(FAILED_OVER, time(120))).isEqualTo("a@2");
        assertThat(choice(FAILED_OVER, time(150))).isEqualTo("b@2");
        assertThat(RestoreWindow.of(FAILED_OVER).earliest()).contains(at(10));
        assertThat(RestoreWindow.of(FAILED_OVER).latest()).contains(at(200));
        assertThat(RestoreWindow.of(FAILED_OVER).gaps()).isEmpty();
    }

    @Test
    void aBackupOfABranchThatWasLeftIsNeverChosenByItself() {
        assertThat(choice(FAILED_OVER, time(149))).isEqualTo("a@2");
        assertThat(choice(FAILED_OVER, new RestoreTarget.BackupItself(), Optional.of("z")))
                .as("only when it is named")
                .isEqualTo("z@1");
    }

    @Test
    void theLastSegmentOfTheOldTimelineMayBeMissingWhereTheNewOneHasIt() {
        Archive cut =
                new Archive(
                        List.of(full("a", 1, 10)),
                        List.of(wal(1, 0, 96), wal(2, 96, 200)),
                        FAILED_OVER.timelines(),
                        2,
                        FAILED_OVER.samples(),
                        Optional.empty());

        assertThat(choice(cut, time(120))).isEqualTo("a@2");
        assertThat(RestoreWindow.of(cut).gaps()).isEmpty();
    }

    /** Set up after a failover, with nothing that put the history there. */
    @Test
    void nothingIsPromisedAlongATimelineWhoseHistoryIsNotThere() {
        Archive late =
                new Archive(
                        List.of(full("b", 2, 150)),
                        List.of(wal(2, 96, 200)),
                        Timelines.NONE,
                        2,
                        samples(2, 101, 200, 0),
                        Optional.empty());

        assertThat(choice(late, new RestoreTarget.Latest())).contains("cannot be reached");
        assertThat(choice(late, time(160))).contains("cannot be reached");
        assertThat(RestoreWindow.of(late).earliest()).isEmpty();
        assertThat(RestoreWindow.of(late).alone()).containsExactly("b");
        assertThat(choice(late, new RestoreTarget.BackupItself(), Optional.of("b")))
                .isEqualTo("b@2");
    }

    /** What the old primary had not archived is missing: 80 to 96, below the fork. */
    private static final Archive HOLE_BELOW_THE_FORK =
            new Archive(
                    List.of(full("a", 1, 10)),
                    List.of(wal(1, 0, 80), wal(2, 96, 200)),
                    FAILED_OVER.timelines(),
                    2,
                    FAILED_OVER.samples(),
                    Optional.empty());

    @Test
    void theLatestIsRefusedWhereAHoleLiesBelowTheFork() {
        assertThat(choice(HOLE_BELOW_THE_FORK, new RestoreTarget.Latest()))
                .contains("WAL after 0/50", "timeline 2 began at 0/64", at(80).toString());
        assertThat(choice(HOLE_BELOW_THE_FORK, time(79))).isEqualTo("a@2");
        assertThat(choice(HOLE_BELOW_THE_FORK, time(120))).contains("cannot be reached");
        assertThat(RestoreWindow.of(HOLE_BELOW_THE_FORK).latest()).contains(at(80));
    }

    /** Two failovers at 100 and 102, within one segment: nothing whole is of timeline 2. */
    @Test
    void aTimelineThatWasLeftWithinOneSegmentIsNoHole() {
        Archive twice =
                new Archive(
                        List.of(full("a", 1, 10)),
                        List.of(wal(1, 0, 96), wal(3, 96, 200)),
                        new Timelines(
                                Map.of(
                                        2,
                                        List.of(new Switch(1, new Lsn(100))),
                                        3,
                                        List.of(
                                                new Switch(1, new Lsn(100)),
                                                new Switch(2, new Lsn(102))))),
                        3,
                        java.util.stream.Stream.concat(
                                        samples(1, 0, 100, 0).stream(),
                                        samples(3, 103, 200, 0).stream())
                                .toList(),
                        Optional.empty());

        assertThat(choice(twice, time(120))).isEqualTo("a@3");
        assertThat(choice(twice, new RestoreTarget.Latest())).isEqualTo("a@3");
        assertThat(RestoreWindow.of(twice).latest()).contains(at(200));
    }

    /** In place at 200 back to 120: timeline 3 leaves 2 at 120, and its clock is 80 ahead. */
    private static final Archive RESTORED =
            new Archive(
                    List.of(
                            full("a", 1, 10),
                            full("b", 2, 150),
                            new Backup(
                                    "c",
                                    BackupKind.Full,
                                    BackupState.Available,
                                    Optional.empty(),
                                    at(203),
                                    at(205),
                                    Optional.of(new Backup.Wal(3, new Lsn(123), new Lsn(125))),
                                    false)),
                    List.of(wal(1, 0, 104), wal(2, 96, 200), wal(3, 112, 180)),
                    new Timelines(
                            Map.of(
                                    2,
                                    List.of(new Switch(1, new Lsn(100))),
                                    3,
                                    List.of(
                                            new Switch(1, new Lsn(100)),
                                            new Switch(2, new Lsn(120))))),
                    3,
                    java.util.stream.Stream.of(
                                    samples(1, 0, 100, 0),
                                    samples(2, 101, 200, 0),
                                    samples(3, 121, 180, 80))
                            .flatMap(List::stream)
                            .toList(),
                    Optional.empty());

    @Test
    void aRestoreInPlaceIsFollowed() {
        assertThat(choice(RESTORED, time(110))).isEqualTo("a@3");
        assertThat(choice(RESTORED, new RestoreTarget.Latest())).isEqualTo("c@3");
        assertThat(choice(RESTORED, time(255))).isEqualTo("c@3");
        assertThat(RestoreWindow.of(RESTORED).latest()).contains(at(260));
        assertThat(choice(RESTORED, time(203)))
                .as("before the first backup of the new history")
                .isEqualTo("a@3");
    }

    @Test
    void theAbandonedHistoryIsThereForWhoNamesIt() {
        assertThat(choice(RESTORED, new RestoreTarget.Latest(), Optional.of("b"))).isEqualTo("b@2");
        assertThat(choice(RESTORED, new RestoreTarget.Named("n", 2, new Lsn(160))))
                .isEqualTo("b@2");
        assertThat(choice(RESTORED, new RestoreTarget.Position(new Lsn(160), true)))
                .as("a position is of our own history")
                .isEqualTo("c@3");
    }
}
