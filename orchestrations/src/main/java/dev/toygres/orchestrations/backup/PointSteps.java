package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.RestorePoint;
import dev.toygres.durable.Attempt;
import dev.toygres.model.Lsn;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Archive.WalSample;
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
    private final InstantSource clock;

    public PointSteps(Catalogue catalogue, Orders orders, InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.clock = clock;
    }

    Members.One primary(Connection connection, PointInput input) {
        Topology topology =
                Topology.find(Catalogue.within(connection), input.instanceId()).orElseThrow();
        MemberRow primary = topology.placedPrimary();
        return new Members.One(primary.id(), primary.hostId(), true);
    }

    /** Made twice under one name, the later one counts: Postgres stops at the first. */
    void make(Attempt attempt, PointInput input, Members.One primary) {
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
        catalogue.jdbi().useTransaction(handle -> record(handle, input, made, before));
    }

    private static void record(
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
    }
}
