package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.Point;
import dev.toygres.agentapi.BackupResult.RestorePoint;
import dev.toygres.durable.Attempt;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.WalSegment;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import dev.toygres.store.MemberRow;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** What {@link CreateRestorePoint} does in its steps. */
public final class PointSteps {
    private static final Duration ARCHIVED = Duration.ofSeconds(45);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;
    private final StoreLook stores;
    private final InstantSource clock;

    public PointSteps(
            Catalogue catalogue,
            Orders orders,
            Repositories repositories,
            StoreLook stores,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.repositories = repositories;
        this.stores = stores;
        this.clock = clock;
    }

    Members.One primary(Connection connection, PointInput input) {
        Topology topology =
                Topology.find(Catalogue.within(connection), input.instanceId()).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        return new Members.One(primary.id(), primary.hostId(), true);
    }

    /** Made twice under one name, the later one counts: Postgres stops at the first. */
    Made make(Attempt attempt, PointInput input, Members.One primary) {
        Instant before = clock.instant();
        long term =
                catalogue
                        .jdbi()
                        .withHandle(handle -> Topology.find(handle, input.instanceId()))
                        .orElseThrow()
                        .instance()
                        .term();
        RestorePoint made =
                orders.carryOut(
                        attempt,
                        primary.host(),
                        primary.id(),
                        new BackupOrder.CreateRestorePoint(
                                new MemberId(primary.id()), term, input.name(), ARCHIVED),
                        RestorePoint.class);
        return catalogue.jdbi().inTransaction(handle -> record(handle, input, made, before));
    }

    /** For a catalogue that is lost. */
    void keep(Attempt attempt, PointInput input, Made made) {
        RepositoryRow repository =
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.find(handle, made.repositoryId()))
                        .orElseThrow();
        BackupCatalogue.RestorePoint point =
                catalogue
                        .jdbi()
                        .withHandle(handle -> BackupCatalogue.points(handle, repository.id()))
                        .stream()
                        .filter(one -> one.name().equals(input.name()))
                        .findFirst()
                        .orElseThrow();
        orders.carryOut(
                attempt,
                stores.host(attempt, repository),
                input.instanceId(),
                new BackupOrder.KeepPoint(
                        new InstanceId(input.instanceId()),
                        repositories.of(repository),
                        new Point(
                                point.name(),
                                point.timeline(),
                                point.position().toString(),
                                point.madeAt())));
    }

    /**
     * @param known whether the catalogue knows that it is in the store
     */
    record Made(String repositoryId, boolean known) {}

    /** Of a timeline that is new only a look tells where it begins. */
    void look(Attempt attempt, Made made) {
        stores.look(
                attempt,
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.find(handle, made.repositoryId()))
                        .orElseThrow());
    }

    private static Made record(
            org.jdbi.v3.core.Handle handle, PointInput input, RestorePoint made, Instant before) {
        RepositoryRow repository =
                RepositoryStore.attached(handle, input.instanceId()).orElseThrow();
        Lsn position = Lsn.parse(made.lsn());
        BackupCatalogue.addPoint(
                handle,
                repository.id(),
                new BackupCatalogue.RestorePoint(
                        input.name(), made.timeline(), position, made.at()));
        RepositoryStore.sample(
                handle, repository.id(), new WalSample(made.timeline(), position, before));
        // Else a point of an instance that goes a moment later would lie outside of its window.
        boolean known =
                made.archived()
                        && WalSegment.parse(made.wal())
                                .filter(
                                        segment ->
                                                ArchivedWal.grow(handle, repository.id(), segment))
                                .isPresent();
        return new Made(repository.id(), known);
    }
}
