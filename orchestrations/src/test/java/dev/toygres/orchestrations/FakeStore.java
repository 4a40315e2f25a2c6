package dev.toygres.orchestrations;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupPeer;
import dev.toygres.agentapi.BackupResult;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.OrderResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A store in which backups are entries of a list, and WAL goes on and on. */
public final class FakeStore {
    private static final Instant DAY = Instant.parse("2026-01-01T00:00:00Z");
    private static final long STEP = 16L << 20;

    private final Map<String, PhysicalBackup> backups = new TreeMap<>();
    private final Map<String, Dump> dumps = new TreeMap<>();
    private final List<BackupResult.Point> points = new CopyOnWriteArrayList<>();
    private final Set<String> archiving = new TreeSet<>();
    private final Set<String> ended = new TreeSet<>();
    private List<BackupResult.Fault> faults = List.of();
    private List<String> corruption = List.of();
    private Optional<String> owner = Optional.empty();
    private String mark = "";
    private int timeline = 1;
    private boolean history = true;
    private Map<String, String> restoredWith = Map.of();
    private long minutes;

    /** What a real one says. */
    static final class Trouble extends RuntimeException {
        Trouble(String words) {
            super(words);
        }
    }

    public Set<String> archiving() {
        return Set.copyOf(archiving);
    }

    /** Members whose backup was ended. */
    public Set<String> ended() {
        return Set.copyOf(ended);
    }

    public Set<String> labels() {
        return Set.copyOf(backups.keySet());
    }

    /** Somebody deleted it by hand. */
    public void lose(String label) {
        backups.remove(label);
    }

    public void faults(List<BackupResult.Fault> found) {
        faults = found;
    }

    /** What the next checks find. */
    public void corruption(List<String> found) {
        corruption = found;
    }

    /** Settings of what was restored last. */
    public Map<String, String> restoredWith() {
        return restoredWith;
    }

    /** The next timeline began while its history went nowhere. */
    public void beginTimelineWithoutHistory() {
        timeline++;
        history = false;
    }

    /** What was there is somewhere else now. */
    public void unmounted() {
        mark = "";
        owner = Optional.empty();
    }

    /** Its own clock goes on. */
    public void pass(java.time.Duration time) {
        minutes += time.toMinutes();
    }

    OrderResult obey(BackupOrder order, List<String> effects) {
        return switch (order) {
            case BackupOrder.ProveStore prove -> {
                boolean same =
                        prove.mark().isEmpty() ? !mark.isEmpty() : prove.mark().get().equals(mark);
                if (!prove.begins() && !same) {
                    throw new Trouble("what is here is not what was begun");
                }
                mark = mark.isEmpty() ? UUID.randomUUID().toString() : mark;
                owner = Optional.of(prove.instanceId().value());
                yield new BackupResult.StoreProven(true, 1, Optional.of(mark));
            }
            case BackupOrder.ListRepository _ -> content();
            case BackupOrder.VerifyRepository _ -> new BackupResult.Verified(faults, 1, 1, 1);
            case BackupOrder.VerifyDump _ -> new BackupResult.Verified(faults, 1, 1, 1);
            case BackupOrder.ExpireBackups expire -> {
                for (String label : expire.labels()) {
                    if (backups.remove(label) != null) {
                        effects.add("expire a backup");
                    }
                }
                yield new BackupResult.Expired(expire.labels());
            }
            case BackupOrder.DeleteRepository delete -> {
                backups.clear();
                effects.add("delete repository of " + delete.instanceId());
                yield new OrderResult.Done();
            }
            case BackupOrder.KeepPoint keep -> {
                points.add(keep.point());
                yield new OrderResult.Done();
            }
            case BackupOrder.DeleteDump delete -> {
                dumps.remove(delete.label());
                yield new OrderResult.Done();
            }
            case BackupOrder.ConfigureArchive configure -> {
                history = true;
                if (archiving.add(configure.memberId().value())) {
                    effects.add("archive from " + configure.memberId());
                }
                yield new BackupResult.ArchiveReady(false, true, "7000000000000000001");
            }
            case BackupOrder.RemoveArchive remove -> {
                archiving.remove(remove.memberId().value());
                yield new OrderResult.Done();
            }
            case BackupOrder.CreateRestorePoint point -> {
                minutes++;
                yield new BackupResult.RestorePoint(
                        point.name(), lsn(minutes), timeline, at(minutes), "", true);
            }
            case BackupOrder.TakeBackup take -> {
                boolean repeated = backups.containsKey(take.name() + "-e");
                if (!repeated) {
                    effects.add("back up " + take.memberId() + " " + take.depth());
                    take(take);
                }
                yield new BackupResult.BackupTaken(
                        Objects.requireNonNull(backups.get(take.name() + "-e")), repeated);
            }
            case BackupOrder.ServeBackup _ ->
                    new BackupResult.Serving(
                            new BackupPeer(
                                    "/data",
                                    1,
                                    new Address("127.0.0.1", 2),
                                    "authority",
                                    "certificate",
                                    "key",
                                    "conf"));
            case BackupOrder.AbortBackup abort -> {
                ended.add(abort.memberId().value());
                yield new OrderResult.Done();
            }
            case BackupOrder.DropKept _ -> new OrderResult.Done();
            case BackupOrder.CheckMember check ->
                    new BackupResult.Checked(
                            corruption,
                            check.queries().stream()
                                    .map(
                                            query ->
                                                    new BackupResult.RowSum(
                                                            query, 7, "abc", Optional.empty()))
                                    .toList(),
                            1);
            case BackupOrder.EstimateDump _ -> new BackupResult.DumpSize(Map.of("app", 1L));
            case BackupOrder.TakeDump take -> {
                dumps.putIfAbsent(take.label(), dump(take));
                yield new BackupResult.DumpTaken(
                        Objects.requireNonNull(dumps.get(take.label())), false);
            }
            case BackupOrder.RestoreDump restore ->
                    new BackupResult.DumpRestored(restore.databases(), List.of(), 1);
            case BackupOrder.RestoreMember _,
                    BackupOrder.UndoRestore _,
                    BackupOrder.KeepRestored _ ->
                    throw new IllegalStateException("that is for the agent");
        };
    }

    private void take(BackupOrder.TakeBackup take) {
        long start = minutes + 1;
        minutes += 2;
        Optional<String> prior =
                take.depth() == Depth.Full || backups.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ArrayList<>(backups.keySet()).getLast());
        backups.put(
                take.name() + "-e",
                new PhysicalBackup(
                        take.name() + "-e",
                        prior.isEmpty() ? Depth.Full : Depth.Incremental,
                        prior,
                        prior.map(List::of).orElse(List.of()),
                        at(start),
                        at(minutes),
                        lsn(start),
                        lsn(minutes),
                        timeline,
                        "",
                        "",
                        1000,
                        1000,
                        500,
                        500,
                        "7000000000000000001",
                        15,
                        "fake",
                        false,
                        List.of("app"),
                        annotations(take)));
    }

    private static Map<String, String> annotations(BackupOrder.TakeBackup take) {
        Map<String, String> all = new TreeMap<>(take.annotations());
        all.put("name", take.name());
        return all;
    }

    private static Dump dump(BackupOrder.TakeDump take) {
        return new Dump(
                take.label(),
                DAY,
                DAY,
                15,
                take.databases(),
                take.schemaOnly(),
                true,
                1000,
                100,
                false,
                "",
                take.annotations());
    }

    private BackupResult.Content content() {
        return new BackupResult.Content(
                owner,
                List.copyOf(backups.values()),
                List.of(new BackupResult.WalRange(timeline, "", "", lsn(0), lsn(minutes + 1), 1)),
                histories(),
                List.copyOf(dumps.values()),
                points.stream().distinct().toList());
    }

    private List<BackupResult.History> histories() {
        return timeline == 1 || !history
                ? List.of()
                : List.of(
                        new BackupResult.History(
                                timeline, List.of(new BackupResult.Switch(1, lsn(minutes + 1)))));
    }

    OrderResult restored(BackupOrder.RestoreMember restore) {
        restoredWith = Map.copyOf(restore.settings());
        return new BackupResult.Restored(
                new Address("127.0.0.1", 5555),
                "7000000000000000001",
                timeline + 1,
                lsn(minutes),
                Optional.of(at(minutes)),
                1000,
                10,
                20,
                restore.over());
    }

    private static Instant at(long minute) {
        return DAY.plusSeconds(60 * minute);
    }

    private static String lsn(long minute) {
        long value = minute * STEP + STEP;
        return "%X/%X".formatted(value >>> 32, value & 0xFFFFFFFFL);
    }
}
