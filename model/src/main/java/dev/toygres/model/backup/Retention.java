package dev.toygres.model.backup;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which backups stay and which go: grandfather, father, son (R4.15-R4.18).
 *
 * <p>What nobody may lose by it: the newest good one of its kind, what is pinned or in use, every
 * point of the promised window, and whatever a kept one needs (P53).
 */
public final class Retention {
    /** For how long something that failed can be looked at. */
    private static final Duration EVIDENCE = Duration.ofDays(7);

    /** Why a backup is kept. */
    public enum Reason {
        Latest,
        Daily,
        Weekly,
        Monthly,
        /** The window of all points in time begins with it. */
        Window,
        /** Another that is kept needs its files. */
        Chain,
        Pinned,
        InUse,
        /** It is being taken, or it failed a short time ago. */
        Unfinished
    }

    /**
     * What becomes of the backups.
     *
     * @param keep each with every reason
     * @param drop in an order in which none goes before one that needs it
     * @param walFrom WAL from this backup on is kept whole; that of older ones only as far as it
     *     makes them consistent. Absent when nothing physical is good.
     */
    public record Verdict(
            Map<String, Set<Reason>> keep, List<String> drop, Optional<String> walFrom) {}

    private final List<Backup> backups;
    private final RetentionPolicy policy;
    private final ZoneId zone;
    private final Instant now;
    private final Chains chains;
    private final Map<String, Set<Reason>> keep = new TreeMap<>();

    private Retention(List<Backup> backups, RetentionPolicy policy, ZoneId zone, Instant now) {
        this.backups =
                backups.stream()
                        .sorted(
                                Comparator.comparing(Backup::stoppedAt)
                                        .thenComparing(Backup::id)
                                        .reversed())
                        .toList();
        this.policy = policy;
        this.zone = zone;
        this.now = now;
        chains = new Chains(backups);
    }

    /**
     * Decides over the backups of one repository.
     *
     * @param zone in which days, weeks (from Monday) and months begin
     * @param inUse those that a restore or an incremental is working with
     */
    public static Verdict decide(
            List<Backup> backups,
            RetentionPolicy policy,
            ZoneId zone,
            Instant now,
            Set<String> inUse) {
        return new Retention(backups, policy, zone, now).decide(inUse);
    }

    private Verdict decide(Set<String> inUse) {
        Optional<Backup> base = windowBase();
        base.ifPresent(one -> keep(one, Reason.Window));
        newest(Backup::isPhysical).ifPresent(one -> keep(one, Reason.Latest));
        newest(one -> !one.isPhysical()).ifPresent(one -> keep(one, Reason.Latest));
        keepWhere(one -> one.startedAt().isAfter(windowStart()), Reason.Daily);
        keepNewestOfEach(this::recentWeek, Reason.Weekly);
        keepNewestOfEach(this::recentMonth, Reason.Monthly);
        keepWhere(Backup::pinned, Reason.Pinned);
        keepWhere(one -> inUse.contains(one.id()), Reason.InUse);
        keepWhere(this::isUnfinished, Reason.Unfinished);
        keepChains();
        keepOneFull();
        return new Verdict(
                keep,
                backups.stream().map(Backup::id).filter(id -> !keep.containsKey(id)).toList(),
                walFrom(base, inUse).map(Backup::id));
    }

    /** What is being restored is rolled forward from where it is. */
    private Optional<Backup> walFrom(Optional<Backup> base, Set<String> inUse) {
        return Stream.concat(
                        base.or(this::oldestKept).stream(),
                        good().filter(one -> one.isPhysical() && inUse.contains(one.id())))
                .min(Comparator.comparing(Backup::stoppedAt));
    }

    private Instant windowStart() {
        return now.minus(Duration.ofDays(policy.dailyRetentionDays()));
    }

    /** The newest from which the start of the window can be reached. */
    private Optional<Backup> windowBase() {
        return newest(one -> one.isPhysical() && !one.stoppedAt().isAfter(windowStart()));
    }

    private Optional<Backup> oldestKept() {
        return good().filter(one -> one.isPhysical() && keep.containsKey(one.id()))
                .reduce((_, older) -> older);
    }

    private Optional<Backup> newest(Predicate<Backup> wanted) {
        return good().filter(wanted).findFirst();
    }

    private Stream<Backup> good() {
        return backups.stream().filter(chains::isGood);
    }

    private boolean isUnfinished(Backup one) {
        return switch (one.state()) {
            case Creating -> true;
            case Failed, Damaged -> one.startedAt().isAfter(now.minus(EVIDENCE));
            case Available, Deleting -> false;
        };
    }

    /** A full one where the period has one: it stands for itself. */
    private void keepNewestOfEach(Function<Backup, Optional<Object>> period, Reason reason) {
        for (Predicate<Backup> line :
                List.<Predicate<Backup>>of(Backup::isPhysical, this::isDump)) {
            Map<Object, List<Backup>> periods =
                    good().filter(line)
                            .filter(one -> period.apply(one).isPresent())
                            .collect(Collectors.groupingBy(one -> period.apply(one).orElseThrow()));
            periods.values().forEach(these -> keep(representative(these), reason));
        }
    }

    private boolean isDump(Backup one) {
        return !one.isPhysical();
    }

    private static Backup representative(List<Backup> newestFirst) {
        return newestFirst.stream()
                .filter(one -> one.kind() != BackupKind.Incremental)
                .findFirst()
                .orElse(newestFirst.getFirst());
    }

    private Optional<Object> recentWeek(Backup one) {
        LocalDate week = monday(one.stoppedAt());
        LocalDate oldest = monday(now).minusWeeks(policy.weeklyRetentionWeeks() - 1L);
        return week.isBefore(oldest) ? Optional.empty() : Optional.of(week);
    }

    private LocalDate monday(Instant instant) {
        return instant.atZone(zone)
                .toLocalDate()
                .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private Optional<Object> recentMonth(Backup one) {
        YearMonth month = YearMonth.from(one.stoppedAt().atZone(zone));
        YearMonth oldest =
                YearMonth.from(now.atZone(zone)).minusMonths(policy.monthlyRetentionMonths() - 1L);
        return month.isBefore(oldest) ? Optional.empty() : Optional.of(month);
    }

    private void keepChains() {
        Map<String, Backup> byId = new HashMap<>();
        backups.forEach(one -> byId.put(one.id(), one));
        for (String id : List.copyOf(keep.keySet())) {
            Stream.iterate(
                            Optional.ofNullable(byId.get(id)),
                            Optional::isPresent,
                            one -> one.flatMap(Backup::basedOn).map(byId::get))
                    .skip(1)
                    .forEach(needed -> keep(needed.orElseThrow(), Reason.Chain));
        }
    }

    /** However bad: the engine does not let go of the last one, and what is left may be of use. */
    private void keepOneFull() {
        List<Backup> taken =
                backups.stream()
                        .filter(one -> one.kind() == BackupKind.Full && one.wal().isPresent())
                        .filter(one -> one.state() != BackupState.Deleting)
                        .toList();
        if (taken.stream().noneMatch(one -> keep.containsKey(one.id()))) {
            taken.stream().findFirst().ifPresent(one -> keep(one, Reason.Latest));
        }
    }

    private void keepWhere(Predicate<Backup> wanted, Reason reason) {
        backups.stream()
                .filter(one -> one.state() != BackupState.Deleting)
                .filter(one -> reason != Reason.Daily || chains.isGood(one))
                .filter(wanted)
                .forEach(one -> keep(one, reason));
    }

    private void keep(Backup one, Reason reason) {
        keep.computeIfAbsent(one.id(), _ -> EnumSet.noneOf(Reason.class)).add(reason);
    }
}
