package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.StoreProven;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.model.InstanceId;
import dev.toygres.model.InstanceState;
import dev.toygres.model.backup.Timelines;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.MemberRow;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.Former;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.ScheduleStore;
import java.sql.Connection;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** What {@link ConfigureBackups} does in its steps. */
public final class ConfigureSteps {
    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;
    private final Archiving archiving;
    private final InstantSource clock;

    public ConfigureSteps(
            Catalogue catalogue,
            Orders orders,
            Repositories repositories,
            Archiving archiving,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.repositories = repositories;
        this.archiving = archiving;
        this.clock = clock;
    }

    /** The place is ours from here on, so that nobody else proves the same one meanwhile. */
    Members reserve(Connection connection, Wanted wanted) {
        Handle handle = Catalogue.within(connection);
        Topology topology = Topology.find(handle, wanted.instanceId()).orElseThrow();
        if (topology.instance().state() != InstanceState.Running) {
            throw new IllegalStateException(
                    wanted.instanceId() + " is " + topology.instance().state());
        }
        RepositoryRow row = row(handle, topology, wanted);
        if (!RepositoryStore.put(handle, row)) {
            throw new IllegalStateException(taken(wanted));
        }
        RepositoryStore.secretsGiven(handle, row.id());
        return new Members(
                wanted.instanceId(),
                row.id(),
                topology.instance().term(),
                Stream.concat(
                                topology.primary().stream(),
                                topology.replicas().stream()
                                        .filter(one -> one.stage() == MemberRow.Stage.Ready))
                        .map(one -> one(topology, one))
                        .toList());
    }

    static String taken(Wanted wanted) {
        return "another instance's backups are in %s, or around it: choose another place"
                .formatted(wanted.place().place());
    }

    private static Members.One one(Topology topology, MemberRow member) {
        return new Members.One(
                member.id(), member.hostId(), member.id().equals(topology.placedPrimary().id()));
    }

    private static RepositoryRow row(Handle handle, Topology topology, Wanted wanted) {
        InstanceRow instance = topology.instance();
        String system = topology.placedPrimary().systemIdentifier().orElse("");
        Optional<RepositoryRow> known = known(handle, wanted, system);
        return new RepositoryRow(
                known.map(RepositoryRow::id).orElseGet(() -> idOf(wanted, system)),
                wanted.instanceId(),
                false,
                wanted.place(),
                wanted.encryptionRef(),
                wanted.compression(),
                wanted.retention(),
                ZoneId.of(wanted.timeZone()),
                instance.postgresMajor(),
                system,
                instance.owner(),
                instance.database(),
                1,
                Timelines.NONE,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** One cluster in one place. */
    private static String idOf(Wanted wanted, String system) {
        return "%s-%s-%08x"
                .formatted(wanted.instanceId(), system, wanted.place().place().hashCode());
    }

    /** Of a cluster of which nothing but its backups is left. */
    static String importedId(Wanted wanted) {
        return idOf(wanted, "imported");
    }

    void reserveForImport(Connection connection, Wanted wanted) {
        RepositoryRow row =
                new RepositoryRow(
                        importedId(wanted),
                        wanted.instanceId(),
                        false,
                        wanted.place(),
                        wanted.encryptionRef(),
                        wanted.compression(),
                        wanted.retention(),
                        ZoneId.of(wanted.timeZone()),
                        0,
                        "",
                        "app",
                        "app",
                        1,
                        Timelines.NONE,
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Former(Optional.empty())));
        if (!RepositoryStore.put(Catalogue.within(connection), row)) {
            throw new IllegalStateException(taken(wanted));
        }
    }

    /** The same cluster in the same place. */
    static Optional<RepositoryRow> known(Handle handle, Wanted wanted, String system) {
        return RepositoryStore.of(handle, wanted.instanceId()).stream()
                .filter(one -> one.storage().place().equals(wanted.place().place()))
                .filter(one -> one.systemIdentifier().equals(system))
                .findFirst();
    }

    void giveBack(Connection connection, Wanted wanted) {
        Handle handle = Catalogue.within(connection);
        RepositoryStore.of(handle, wanted.instanceId()).stream()
                .filter(one -> !one.attached())
                .filter(one -> one.storage().place().equals(wanted.place().place()))
                .filter(one -> BackupCatalogue.in(handle, one.id()).isEmpty())
                .forEach(one -> RepositoryStore.remove(handle, one.id()));
    }

    /**
     * R4.26: written to, read and deleted in, before anything relies on it.
     *
     * @param before what another host saw
     */
    Proof prove(Attempt attempt, Members members, String host, Proof before) {
        RepositoryRow row = repository(members);
        try {
            return new Proof(
                    orders.carryOut(
                                    attempt,
                                    host,
                                    members.instanceId(),
                                    new BackupOrder.ProveStore(
                                            new InstanceId(members.instanceId()),
                                            repositories.of(row),
                                            before.mark().isEmpty() && begins(row),
                                            before.mark()),
                                    StoreProven.class)
                            .mark());
        } catch (Orders.OrderFailed failed) {
            throw StoreTrouble.words(row.storage(), String.valueOf(failed.getMessage()))
                    .<RuntimeException>map(PermanentFailure::new)
                    .orElse(failed);
        }
    }

    /** Else an empty place is one that is not mounted: begun anew it would hide what there is. */
    private boolean begins(RepositoryRow row) {
        return !row.attached()
                && catalogue
                        .jdbi()
                        .withHandle(handle -> BackupCatalogue.in(handle, row.id()))
                        .stream()
                        .allMatch(one -> one.engineLabel().isEmpty());
    }

    void claim(Attempt attempt, Members.One member) {
        orders.claim(attempt, member.host(), member.id());
    }

    void archive(Attempt attempt, Members members, Members.One member) {
        archiving.set(attempt, repository(members), member.id(), member.host(), members.term());
    }

    void archiveAsBefore(Attempt attempt, Members members) {
        Optional<RepositoryRow> before = archiving.attached(members.instanceId());
        for (Members.One member : members.standbysFirst()) {
            if (before.isPresent()) {
                archiving.set(attempt, before.get(), member.id(), member.host(), members.term());
            } else {
                archiving.remove(attempt, member.id(), member.host(), members.term());
            }
        }
    }

    void putInForce(Connection connection, Members members, Wanted wanted) {
        Handle handle = Catalogue.within(connection);
        RepositoryStore.attach(handle, members.instanceId(), members.repositoryId());
        ScheduleStore.put(
                handle,
                members.instanceId(),
                wanted.fullCron(),
                wanted.incrementalCron(),
                ZoneId.of(wanted.timeZone()),
                clock.instant());
    }

    private RepositoryRow repository(Members members) {
        return catalogue
                .jdbi()
                .withHandle(handle -> RepositoryStore.find(handle, members.repositoryId()))
                .orElseThrow(
                        () -> new PermanentFailure("the repository was given back: ask again"));
    }
}
