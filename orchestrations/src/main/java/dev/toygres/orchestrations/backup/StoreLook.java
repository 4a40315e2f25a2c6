package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive.WalRange;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.Timelines;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Looks into stores, and writes down what is there. */
public final class StoreLook {
    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;

    public StoreLook(Catalogue catalogue, Orders orders, Repositories repositories) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.repositories = repositories;
    }

    /**
     * Who looks: the primary's host where it is there, else another of the instance, which sees a
     * local directory as well, else any. What one cannot do the next attempt asks of another.
     */
    String host(Attempt attempt, RepositoryRow row) {
        List<String> there =
                catalogue.jdbi().withHandle(handle -> reachable(handle, row.instanceId()));
        if (there.isEmpty()) {
            throw new IllegalStateException("no host is there to look");
        }
        return there.get((attempt.number() - 1) % there.size());
    }

    private static List<String> reachable(Handle handle, String instanceId) {
        List<String> all =
                HostStore.list(handle).stream()
                        .filter(HostRow::reachable)
                        .map(HostRow::id)
                        .toList();
        List<String> own = Topology.find(handle, instanceId).map(Topology::hosts).orElse(List.of());
        return Stream.concat(own.stream().filter(all::contains), all.stream()).distinct().toList();
    }

    /** As below, of a repository that may be gone meanwhile. */
    public void look(Attempt attempt, String repositoryId) {
        look(
                attempt,
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.find(handle, repositoryId))
                        .orElseThrow(() -> new PermanentFailure("the repository is gone")));
    }

    /** WAL and timelines as they are now. */
    public Content look(Attempt attempt, RepositoryRow row) {
        return lookFrom(attempt, row, host(attempt, row));
    }

    /** As that host sees it. */
    public Content lookFrom(Attempt attempt, RepositoryRow row, String host) {
        Content content =
                orders.carryOut(
                        attempt,
                        host,
                        row.instanceId(),
                        new BackupOrder.ListRepository(
                                new InstanceId(row.instanceId()), repositories.of(row)),
                        Content.class);
        requireSeen(row, content, host);
        catalogue.jdbi().useTransaction(handle -> found(handle, row.id(), content));
        return content;
    }

    /** An empty directory there is not ours: it is not shared with this host, or not mounted. */
    private static void requireSeen(RepositoryRow row, Content content, String host) {
        if (content.owner().isEmpty() && content.backups().isEmpty() && content.dumps().isEmpty()) {
            throw new IllegalStateException(
                    "host %s sees no backups in %s: is it shared with that host, and mounted there?"
                            .formatted(host, row.storage().place()));
        }
    }

    /**
     * The instance is on the newest timeline of which anything is archived: whoever leaves a
     * history takes a new number, and its history file goes to the archive first.
     */
    static void found(Handle handle, String repositoryId, Content content) {
        Map<Integer, List<Timelines.Switch>> ways =
                content.histories().stream()
                        .collect(
                                Collectors.toMap(
                                        one -> one.timeline(),
                                        one ->
                                                one.way().stream()
                                                        .map(
                                                                left ->
                                                                        new Timelines.Switch(
                                                                                left.timeline(),
                                                                                Lsn.parse(
                                                                                        left
                                                                                                .lsn())))
                                                        .toList()));
        int newest =
                IntStream.concat(
                                content.wal().stream().mapToInt(range -> range.timeline()),
                                content.histories().stream().mapToInt(one -> one.timeline()))
                        .max()
                        .orElse(1);
        RepositoryStore.found(handle, repositoryId, newest, new Timelines(ways), ranges(content));
    }

    private static List<WalRange> ranges(Content content) {
        return content.wal().stream()
                .map(
                        range ->
                                new WalRange(
                                        range.timeline(),
                                        Lsn.parse(range.fromLsn()),
                                        Lsn.parse(range.toLsn())))
                .toList();
    }

    // ---- rows of what is there ----

    /** The earliest point that it can be restored to lies within its last second. */
    BackupRow physical(BackupRow row, PhysicalBackup taken, String source) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            Lsn stop = Lsn.parse(taken.stopLsn());
                            RepositoryStore.sample(
                                    handle,
                                    row.repositoryId(),
                                    new WalSample(taken.timeline(), stop, taken.stoppedAt()));
                            return new BackupRow(
                                    row.id(),
                                    row.repositoryId(),
                                    row.instanceId(),
                                    taken.depth() == Depth.Full
                                            ? BackupKind.Full
                                            : BackupKind.Incremental,
                                    row.state(),
                                    row.label(),
                                    Optional.of(taken.label()),
                                    taken.prior().flatMap(one -> idOf(handle, row, one)),
                                    taken.databases(),
                                    false,
                                    row.cause(),
                                    row.operationId(),
                                    Optional.of(source),
                                    taken.startedAt(),
                                    Optional.of(end(taken.stoppedAt())),
                                    Optional.of(taken.timeline()),
                                    Optional.of(Lsn.parse(taken.startLsn())),
                                    Optional.of(stop),
                                    Optional.of(taken.databaseBytes()),
                                    Optional.of(taken.ownBytes()),
                                    row.pinned(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    row.former());
                        });
    }

    private static Instant end(Instant stoppedAt) {
        return stoppedAt.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    private static Optional<String> idOf(Handle handle, BackupRow row, String engineLabel) {
        return BackupCatalogue.in(handle, row.repositoryId()).stream()
                .filter(one -> one.engineLabel().equals(Optional.of(engineLabel)))
                .map(BackupRow::id)
                .findFirst();
    }

    BackupRow dump(BackupRow row, Dump taken, String source) {
        return new BackupRow(
                row.id(),
                row.repositoryId(),
                row.instanceId(),
                BackupKind.Logical,
                row.state(),
                row.label(),
                Optional.of(taken.label()),
                Optional.empty(),
                taken.databases(),
                taken.schemaOnly(),
                row.cause(),
                row.operationId(),
                Optional.of(source),
                taken.startedAt(),
                Optional.of(taken.endedAt()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(taken.plainBytes()),
                Optional.of(taken.storedBytes()),
                row.pinned(),
                Optional.empty(),
                Optional.empty(),
                row.former());
    }
}
