package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupPeer;
import dev.toygres.agentapi.BackupResult.BackupTaken;
import dev.toygres.agentapi.BackupResult.DumpSize;
import dev.toygres.agentapi.BackupResult.DumpTaken;
import dev.toygres.agentapi.BackupResult.Serving;
import dev.toygres.agentapi.Repository;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.InstanceId;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Archive;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.model.backup.Chains;
import dev.toygres.model.backup.Storage;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the flows of one backup do in their steps. */
public final class BackupSteps {
    private static final Logger LOG = LoggerFactory.getLogger(BackupSteps.class);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Agents agents;
    private final Observations seen;
    private final Repositories repositories;
    private final StoreLook stores;
    private final Soundness soundness;
    private final InstantSource clock;

    public BackupSteps(
            Catalogue catalogue,
            Orders orders,
            Agents agents,
            Observations seen,
            Repositories repositories,
            StoreLook stores,
            Soundness soundness,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.agents = agents;
        this.seen = seen;
        this.repositories = repositories;
        this.stores = stores;
        this.soundness = soundness;
        this.clock = clock;
    }

    // ---- before ----

    /** R4.41, R4.42. */
    void validate(Connection connection, BackupInput input) {
        Handle handle = Catalogue.within(connection);
        InstanceRow instance =
                InstanceStore.find(handle, input.instanceId())
                        .orElseThrow(
                                () -> new IllegalStateException(input.instanceId() + " is gone"));
        if (instance.state() != InstanceState.Running
                && instance.state() != InstanceState.FailingOver) {
            throw new IllegalStateException(input.instanceId() + " is " + instance.state());
        }
        // A retried one is being taken again.
        BackupCatalogue.state(handle, input.backupId(), BackupState.Creating, Optional.empty());
    }

    /** R4.43: the freshest replica that streams, else the primary. Again, while it fails over. */
    Source choose(BackupInput input) {
        Topology topology = topology(input);
        if (topology.instance().state() != InstanceState.Running) {
            throw new IllegalStateException(
                    input.instanceId() + " is " + topology.instance().state());
        }
        MemberRow primary = topology.placedPrimary();
        List<MemberRow> replicas = topology.readyReplicas();
        seen.refresh(
                agents,
                Stream.concat(Stream.of(primary), replicas.stream())
                        .map(MemberRow::hostId)
                        .toList());
        MemberRow source =
                backup(input).kind().isPhysical()
                        ? replicas.stream()
                                .filter(one -> isFresh(primary, one))
                                .min(Comparator.comparingLong(one -> lag(primary, one)))
                                .orElse(primary)
                        : primary;
        return new Source(
                source.id(),
                source.hostId(),
                primary.id(),
                primary.hostId(),
                topology.instance().term());
    }

    private boolean isFresh(MemberRow primary, MemberRow replica) {
        return switch (seen.verdict(primary, replica).state()) {
            case Streaming -> true;
            case Lagging, Provisioning, Syncing, Broken, Promoting, Removing, Stopped -> false;
        };
    }

    private long lag(MemberRow primary, MemberRow replica) {
        return seen.lagBytes(primary, replica).orElse(Long.MAX_VALUE);
    }

    // ---- taking it ----

    /** R4.43-R4.49. A repeated order answers the backup that is there already. */
    void take(Attempt attempt, BackupInput input, Source source) {
        BackupRow backup = backup(input);
        RepositoryRow repository = repository(backup);
        try {
            if (backup.kind() == BackupKind.Logical) {
                takeDump(attempt, backup, repository, source);
            } else {
                takePhysical(attempt, backup, repository, source);
            }
        } catch (Orders.OrderFailed failed) {
            throw inVain(repository, failed);
        }
    }

    /** Nothing but room is of use to a store that is full. */
    private static RuntimeException inVain(RepositoryRow repository, Orders.OrderFailed failed) {
        String said = String.valueOf(failed.getMessage());
        return StoreTrouble.isFull(repository.storage(), said)
                ? new PermanentFailure(StoreTrouble.words(repository.storage(), said).orElse(said))
                : failed;
    }

    private void takePhysical(Attempt attempt, BackupRow backup, RepositoryRow row, Source source) {
        Repository repository = repositories.of(row);
        BackupTaken taken =
                source.isReplica()
                        ? ofReplica(attempt, backup, row, repository, source)
                        : order(attempt, backup, row, repository, source, Optional.empty());
        if (taken.backup().damaged()) {
            throw new PermanentFailure(
                    "pages with wrong checksums were found in the data of " + source.memberId());
        }
        write(stores.physical(backup, taken.backup(), source.memberId()));
    }

    /** The key in the answer is used at once and written nowhere. */
    private BackupTaken ofReplica(
            Attempt attempt,
            BackupRow backup,
            RepositoryRow row,
            Repository repository,
            Source source) {
        Serving serving =
                orders.carryOut(
                        attempt,
                        String.valueOf(attempt.number()),
                        source.primaryHost(),
                        source.primaryId(),
                        new BackupOrder.ServeBackup(
                                new MemberId(source.primaryId()), source.term(), repository),
                        Serving.class);
        try {
            return order(attempt, backup, row, repository, source, Optional.of(serving.peer()));
        } finally {
            endService(attempt, source);
        }
    }

    private BackupTaken order(
            Attempt attempt,
            BackupRow backup,
            RepositoryRow row,
            Repository repository,
            Source source,
            Optional<BackupPeer> peer) {
        return orders.carryOut(
                attempt,
                source.host(),
                source.memberId(),
                new BackupOrder.TakeBackup(
                        new MemberId(source.memberId()),
                        source.term(),
                        repository,
                        depth(backup),
                        backup.id(),
                        annotations(backup, row),
                        0,
                        peer),
                BackupTaken.class);
    }

    /** On the newest that is there; where that cannot be relied on, a chain of its own begins. */
    private Depth depth(BackupRow backup) {
        if (backup.kind() == BackupKind.Full) {
            return Depth.Full;
        }
        return catalogue.jdbi().withHandle(handle -> bearsAnother(handle, backup))
                ? Depth.Incremental
                : Depth.Full;
    }

    private static boolean bearsAnother(Handle handle, BackupRow backup) {
        Chains chains = BackupCatalogue.chains(handle, backup.repositoryId());
        return BackupCatalogue.in(handle, backup.repositoryId()).stream()
                .filter(one -> !one.id().equals(backup.id()))
                .filter(one -> one.kind().isPhysical() && one.engineLabel().isPresent())
                .max(Comparator.comparing(BackupRow::startedAt))
                .filter(newest -> chains.isGood(newest.facts()))
                .isPresent();
    }

    /** Where the primary is gone its service has nobody to ask; the next backup replaces it. */
    private void endService(Attempt attempt, Source source) {
        try {
            orders.carryOut(
                    attempt,
                    String.valueOf(attempt.number()),
                    source.primaryHost(),
                    source.primaryId(),
                    new BackupOrder.AbortBackup(new MemberId(source.primaryId()), source.term()));
        } catch (RuntimeException gone) {
            LOG.info("the backup service of {} is left alone", source.primaryId(), gone);
        }
    }

    boolean isPhysical(BackupInput input) {
        return backup(input).kind().isPhysical();
    }

    Estimate estimate(Attempt attempt, BackupInput input, Source source) {
        Map<String, Long> sizes =
                orders.carryOut(
                                attempt,
                                source.host(),
                                source.memberId(),
                                new BackupOrder.EstimateDump(
                                        new MemberId(source.memberId()),
                                        source.term(),
                                        backup(input).databases()),
                                DumpSize.class)
                        .bytesByDatabase();
        return new Estimate(
                sizes.keySet().stream().sorted().toList(),
                sizes.values().stream().mapToLong(Long::longValue).sum());
    }

    private void takeDump(Attempt attempt, BackupRow backup, RepositoryRow row, Source source) {
        DumpTaken taken =
                orders.carryOut(
                        attempt,
                        source.host(),
                        source.memberId(),
                        new BackupOrder.TakeDump(
                                new MemberId(source.memberId()),
                                source.term(),
                                repositories.of(row),
                                backup.id(),
                                backup.databases(),
                                backup.schemaOnly(),
                                true,
                                annotations(backup, row)),
                        DumpTaken.class);
        write(stores.dump(backup, taken.dump(), source.memberId()));
    }

    /** For a catalogue that was lost. */
    private Map<String, String> annotations(BackupRow backup, RepositoryRow row) {
        ParameterSet parameters =
                catalogue
                        .jdbi()
                        .withHandle(handle -> ParameterStore.agreed(handle, backup.instanceId()))
                        .set();
        return Map.of(
                "parameters", ParameterStore.json(parameters),
                "instance", backup.instanceId(),
                "owner", row.owner(),
                "database", row.database(),
                "cause", backup.cause(),
                "label", backup.label().orElse(""));
    }

    void anew(Connection connection, BackupInput input, StepFailed failure) {
        BackupCatalogue.state(
                Catalogue.within(connection),
                input.backupId(),
                BackupState.Creating,
                Optional.of("tried anew after: " + failure.getMessage()));
    }

    /** Best effort: who cannot be reached is not waited for. */
    void end(Attempt attempt, Source source) {
        end(attempt, source.host(), source.memberId(), source.term());
        if (source.isReplica()) {
            end(attempt, source.primaryHost(), source.primaryId(), source.term());
        }
    }

    private void end(Attempt attempt, String host, String memberId, long term) {
        try {
            orders.carryOut(
                    attempt,
                    host,
                    memberId,
                    new BackupOrder.AbortBackup(new MemberId(memberId), term));
        } catch (RuntimeException gone) {
            LOG.info("the backup of {} is left alone", memberId, gone);
        }
    }

    /**
     * What is left of one that was cut short. A dump goes. What the engine has finished all the
     * same is known from now on: nothing is based on it, and it expires.
     */
    void sweep(Attempt attempt, BackupInput input) {
        BackupRow backup = backup(input);
        RepositoryRow row = repository(backup);
        if (backup.engineLabel().isPresent()) {
            return;
        }
        if (backup.kind() == BackupKind.Logical) {
            orders.carryOut(
                    attempt,
                    stores.host(attempt, row),
                    row.instanceId(),
                    new BackupOrder.DeleteDump(
                            new InstanceId(row.instanceId()), repositories.of(row), backup.id()));
            return;
        }
        stores.look(attempt, row).backups().stream()
                .filter(one -> backup.id().equals(one.annotations().get("name")))
                .findFirst()
                .ifPresent(one -> write(stores.physical(backup, one, "")));
    }

    private void write(BackupRow row) {
        catalogue.jdbi().useHandle(handle -> BackupCatalogue.put(handle, row));
    }

    // ---- whether it is good ----

    /** R4.50, P53: its files by their checksums, and WAL up to where it is consistent. */
    void verify(Attempt attempt, BackupInput input) {
        BackupRow backup = backup(input);
        Optional<String> trouble = soundness.judge(attempt, repository(backup), backup);
        if (trouble.isPresent()) {
            throw new PermanentFailure("it is not sound: " + trouble.get());
        }
        if (backup.kind().isPhysical()) {
            requireWay(backup);
        }
    }

    /** Its own WAL, and what says where its timeline comes from. */
    private void requireWay(BackupRow backup) {
        Archive archive =
                catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        BackupCatalogue.archive(
                                                handle,
                                                RepositoryStore.find(handle, backup.repositoryId())
                                                        .orElseThrow()));
        if (!archive.holdsWalOf(backup.facts())) {
            throw new IllegalStateException(
                    "the WAL that makes it consistent is not in the archive yet");
        }
        int timeline = backup.timeline().orElse(1);
        if (!archive.timelines().isKnown(timeline)) {
            throw new IllegalStateException(
                    "the history of timeline %d is not in the archive".formatted(timeline));
        }
    }

    void available(Connection connection, BackupInput input) {
        Handle handle = Catalogue.within(connection);
        BackupCatalogue.verified(handle, input.backupId(), clock.instant());
        Alarms.resolve(handle, AlertKind.BackupFailed + "/" + input.instanceId());
    }

    void failed(Connection connection, BackupInput input, StepFailed failure) {
        Handle handle = Catalogue.within(connection);
        String words = words(handle, input, String.valueOf(failure.getMessage()));
        BackupCatalogue.state(handle, input.backupId(), BackupState.Failed, Optional.of(words));
        Alarms.raise(
                handle,
                Alert.ofInstance(
                                AlertSeverity.Critical,
                                AlertKind.BackupFailed,
                                input.instanceId(),
                                "backup %s failed: %s".formatted(input.backupId(), words))
                        .with("backupId", input.backupId()));
    }

    /** Of a remote store also what is to be done; of a directory anything may have failed. */
    private static String words(Handle handle, BackupInput input, String said) {
        return BackupCatalogue.find(handle, input.backupId())
                .flatMap(one -> RepositoryStore.find(handle, one.repositoryId()))
                .map(RepositoryRow::storage)
                .filter(storage -> !(storage instanceof Storage.Local))
                .flatMap(storage -> StoreTrouble.words(storage, said))
                .orElse(said);
    }

    void cancelled(Connection connection, BackupInput input) {
        BackupCatalogue.state(
                Catalogue.within(connection),
                input.backupId(),
                BackupState.Failed,
                Optional.of("cancelled"));
    }

    // ---- by itself ----

    /** A later look at one that was good: what is found is written down, good or bad. */
    void verifyAgain(Attempt attempt, BackupInput input) {
        BackupRow backup = backup(input);
        Optional<String> trouble = soundness.judge(attempt, repository(backup), backup);
        if (trouble.isPresent()) {
            throw new PermanentFailure("%s is damaged: %s".formatted(backup.id(), trouble.get()));
        }
    }

    BackupRow backup(BackupInput input) {
        return catalogue
                .jdbi()
                .withHandle(handle -> BackupCatalogue.find(handle, input.backupId()))
                .orElseThrow(() -> new PermanentFailure("backup " + input.backupId() + " is gone"));
    }

    private RepositoryRow repository(BackupRow backup) {
        return catalogue
                .jdbi()
                .withHandle(handle -> RepositoryStore.find(handle, backup.repositoryId()))
                .orElseThrow(() -> new PermanentFailure("its repository is gone"));
    }

    private Topology topology(BackupInput input) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, input.instanceId()))
                .orElseThrow(() -> new PermanentFailure(input.instanceId() + " is gone"));
    }
}
