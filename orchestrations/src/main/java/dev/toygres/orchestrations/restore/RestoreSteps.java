package dev.toygres.orchestrations.restore;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.DumpRestored;
import dev.toygres.agentapi.BackupResult.RestorePoint;
import dev.toygres.agentapi.BackupResult.Restored;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.RecoveryTarget;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepFailed;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.InstanceId;
import dev.toygres.model.InstanceState;
import dev.toygres.model.MemberId;
import dev.toygres.model.backup.Archive;
import dev.toygres.model.backup.RestoreChoice;
import dev.toygres.model.backup.RestoreTarget;
import dev.toygres.model.backup.RestoreWindow;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.backup.Repositories;
import dev.toygres.orchestrations.backup.StoreLook;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.Primary;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.orchestrations.parameter.Settings;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import dev.toygres.store.backup.RestoreStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What all restores do in their steps. */
public final class RestoreSteps {
    /** A source that cannot archive now is restored from as far as it did. */
    private static final StepOptions BRIEF =
            StepOptions.DEFAULT.attempts(2).attemptTimeout(Duration.ofMinutes(3)).asAbortable();

    private static final int LOOKS = 4;

    private static final Duration FLUSH = Duration.ofSeconds(90);

    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;
    private final StoreLook stores;
    private final Endpoints endpoints;
    private final Vault vault;
    private final InstantSource clock;

    public RestoreSteps(
            Catalogue catalogue,
            Orders orders,
            Repositories repositories,
            StoreLook stores,
            Endpoints endpoints,
            Vault vault,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.repositories = repositories;
        this.stores = stores;
        this.endpoints = endpoints;
        this.vault = vault;
        this.clock = clock;
    }

    void begin(Connection connection, String operationId, String kind, RestoreInput input) {
        Handle handle = Catalogue.within(connection);
        RestoreStore.begin(
                handle,
                operationId,
                input.instanceId(),
                kind,
                input.repositoryId(),
                Goals.words(target(handle, input)),
                clock.instant());
    }

    private static RestoreTarget target(Handle handle, RestoreInput input) {
        return Goals.target(input.goal(), BackupCatalogue.points(handle, input.repositoryId()));
    }

    // ---- everything that the source wrote is to be in the archive ----

    /** Who has to be asked for it. */
    record Writer(String memberId, String host, long term) {}

    record Found(Optional<Writer> writer) {}

    /** What was written a moment ago can be restored, too; where the source still lives. */
    void flush(Context context, RestoreInput input) {
        Found source =
                context.transact("find-source", Found.class, c -> new Found(writer(c, input)));
        if (source.writer().isPresent()) {
            context.progress(0.02, "archiving what was written");
            try {
                context.step(
                        "archive-all",
                        BRIEF,
                        attempt ->
                                archiveAll(
                                        attempt,
                                        context.operationId(),
                                        input,
                                        source.writer().get()));
            } catch (StepFailed later) {
                context.transact("go-on-with-what-is-archived", _ -> {});
            }
        }
        context.progress(0.05, "looking into the store");
        context.step("look", StepOptions.DEFAULT, attempt -> look(attempt, input));
    }

    /** Segments are pushed side by side: a hole behind which there is more may be none soon. */
    private void look(Attempt attempt, RestoreInput input) {
        stores.look(attempt, repository(input));
        if (attempt.number() < LOOKS
                && input.goal().latest()
                && archive(input).brokenAt().isPresent()) {
            throw new IllegalStateException("WAL is missing in the archive, or on its way");
        }
    }

    private Archive archive(RestoreInput input) {
        return catalogue
                .jdbi()
                .withHandle(handle -> BackupCatalogue.archive(handle, repository(input)));
    }

    /** Nobody has to be asked for a backup as it is. */
    private static Optional<Writer> writer(Connection connection, RestoreInput input) {
        Handle handle = Catalogue.within(connection);
        if (target(handle, input) instanceof RestoreTarget.BackupItself
                || input.sourceLost().orElse(false)) {
            return Optional.empty();
        }
        RepositoryRow repository = RepositoryStore.find(handle, input.repositoryId()).orElseThrow();
        return Optional.of(repository)
                .filter(RepositoryRow::attached)
                .flatMap(row -> Topology.find(handle, row.instanceId()))
                .filter(RestoreSteps::writes)
                .flatMap(
                        topology ->
                                topology.primary()
                                        .map(
                                                one ->
                                                        new Writer(
                                                                one.id(),
                                                                one.hostId(),
                                                                topology.instance().term())));
    }

    private static boolean writes(Topology topology) {
        InstanceState state = topology.instance().state();
        return state == InstanceState.Running || state == InstanceState.Restoring;
    }

    private void archiveAll(
            Attempt attempt, String operationId, RestoreInput input, Writer writer) {
        java.time.Instant before = clock.instant();
        RestorePoint point =
                orders.carryOut(
                        attempt,
                        writer.host(),
                        writer.memberId(),
                        new BackupOrder.CreateRestorePoint(
                                new MemberId(writer.memberId()),
                                writer.term(),
                                "toygres-" + operationId,
                                FLUSH),
                        RestorePoint.class);
        catalogue
                .jdbi()
                .useHandle(
                        handle ->
                                RepositoryStore.sample(
                                        handle,
                                        input.repositoryId(),
                                        new Archive.WalSample(
                                                point.timeline(),
                                                dev.toygres.model.Lsn.parse(point.lsn()),
                                                before)));
    }

    // ---- dumps ----

    void beginDump(Connection connection, String operationId, RestoreInput input, String backupId) {
        Handle handle = Catalogue.within(connection);
        RepositoryStore.lock(handle, input.repositoryId());
        if (BackupCatalogue.find(handle, backupId).filter(one -> one.facts().isGood()).isEmpty()) {
            throw new PermanentFailure(backupId + " is not there any more");
        }
        RestoreStore.begin(
                handle,
                operationId,
                input.instanceId(),
                "NewInstance",
                input.repositoryId(),
                "the dump itself",
                clock.instant());
        RestoreStore.uses(handle, operationId, backupId);
    }

    /** Before the endpoint is open: what is there half is seen by nobody. */
    DumpRestored restoreDump(
            Attempt attempt, RestoreInput input, String backupId, Primary primary) {
        String label =
                catalogue
                        .jdbi()
                        .withHandle(handle -> BackupCatalogue.find(handle, backupId))
                        .flatMap(BackupRow::engineLabel)
                        .orElseThrow(() -> new PermanentFailure(backupId + " is gone"));
        return orders.carryOut(
                attempt,
                primary.hostId(),
                primary.memberId(),
                new BackupOrder.RestoreDump(
                        new MemberId(primary.memberId()),
                        primary.term(),
                        repositories.of(repository(input)),
                        label,
                        List.of(),
                        instance(primary.instanceId()).owner(),
                        attempt.number() > 1),
                DumpRestored.class);
    }

    /** What pg_restore said and went on is told: the user knows whether it matters. */
    void completedDump(Connection connection, String operationId, DumpRestored restored) {
        RestoreStore.end(
                Catalogue.within(connection),
                operationId,
                RestoreStore.State.Completed,
                restored.warnings().isEmpty()
                        ? Optional.empty()
                        : Optional.of("went on after: " + String.join("; ", restored.warnings())),
                clock.instant());
    }

    // ---- the choice ----

    /** With the repository locked: what is chosen is not let go of at the same moment. */
    Chosen choose(Connection connection, String operationId, RestoreInput input) {
        Handle handle = Catalogue.within(connection);
        RepositoryStore.lock(handle, input.repositoryId());
        RepositoryRow repository = RepositoryStore.find(handle, input.repositoryId()).orElseThrow();
        RestoreTarget target = target(handle, input);
        Archive archive = BackupCatalogue.archive(handle, repository);
        return switch (RestoreChoice.of(archive, target, input.backupId())) {
            case RestoreChoice.Outside(String reason) -> throw new PermanentFailure(reason);
            case RestoreChoice.From(var backup, int timeline) -> {
                RestoreStore.uses(handle, operationId, backup.id());
                BackupRow row = BackupCatalogue.find(handle, backup.id()).orElseThrow();
                yield new Chosen(
                        row.id(),
                        row.engineLabel().orElseThrow(),
                        target instanceof RestoreTarget.BackupItself
                                ? "current"
                                : String.valueOf(timeline),
                        Goals.words(target));
            }
        };
    }

    /**
     * What the primary's own host would find only after everything was stopped: whether it reaches
     * the store, and has room for the new data beside the old.
     */
    void foresee(Attempt attempt, RestoreInput input, Chosen chosen) {
        Topology topology =
                catalogue
                        .jdbi()
                        .withHandle(handle -> Topology.find(handle, input.instanceId()))
                        .orElseThrow(() -> new PermanentFailure(input.instanceId() + " is gone"));
        String host = topology.placedPrimary().hostId();
        catalogue
                .jdbi()
                .withHandle(handle -> shortage(handle, host, chosen))
                .ifPresent(
                        words -> {
                            throw new PermanentFailure(words);
                        });
        Content seen = stores.lookFrom(attempt, repository(input), host);
        if (seen.backups().stream().noneMatch(one -> one.label().equals(chosen.label()))) {
            throw new PermanentFailure(
                    "host %s does not see backup %s in the store"
                            .formatted(host, chosen.backupId()));
        }
    }

    private static Optional<String> shortage(Handle handle, String hostId, Chosen chosen) {
        long needed =
                BackupCatalogue.find(handle, chosen.backupId())
                        .flatMap(BackupRow::sizeBytes)
                        .orElse(0L);
        return HostStore.find(handle, hostId)
                .flatMap(Room::status)
                .map(HostStatus::diskFreeBytes)
                .filter(free -> free < needed)
                .map(
                        free ->
                                "host %s has %d MB free, and the backup needs %d MB beside the old data"
                                        .formatted(hostId, free >> 20, (needed >> 20) + 1));
    }

    // ---- doing it ----

    Restored restore(Attempt attempt, RestoreInput input, Chosen chosen, Primary primary) {
        return carryOut(attempt, input, primary, order(input, chosen, primary, false));
    }

    /** The member's present data is kept beside the new. */
    Restored restoreOver(Attempt attempt, RestoreInput input, Chosen chosen, Primary primary) {
        return carryOut(attempt, input, primary, order(input, chosen, primary, true));
    }

    private Restored carryOut(
            Attempt attempt, RestoreInput input, Primary primary, BackupOrder.RestoreMember order) {
        try {
            return orders.carryOut(
                    attempt, primary.hostId(), primary.memberId(), order, Restored.class);
        } catch (Orders.OrderFailed failed) {
            throw isInVain(order, String.valueOf(failed.getMessage()))
                    ? new PermanentFailure(failed.getMessage() + "; " + window(input))
                    : failed;
        }
    }

    /** Whoever replays the same WAL again does not find it either. */
    private static boolean isInVain(BackupOrder.RestoreMember order, String said) {
        return order.target() instanceof RecoveryTarget.Transaction(long xid, _)
                && (said.contains("transaction %d was not found".formatted(xid))
                        || said.contains("transaction %d is not ahead".formatted(xid)));
    }

    private String window(RestoreInput input) {
        return RestoreWindow.of(archive(input)).words();
    }

    /** The passwords are those of the instance that gets the data, whatever the backup has. */
    private BackupOrder.RestoreMember order(
            RestoreInput input, Chosen chosen, Primary primary, boolean over) {
        InstanceRow row = instance(primary.instanceId());
        MemberRow member = member(row, primary.memberId());
        RepositoryRow source = repository(input);
        Vault.Verifiers verifiers = vault.verifiers(row.id());
        return new BackupOrder.RestoreMember(
                new MemberId(primary.memberId()),
                new InstanceId(row.id()),
                primary.term(),
                row.postgresMajor(),
                catalogue.jdbi().withHandle(handle -> Settings.of(handle, row, member)),
                repositories.of(source),
                chosen.label(),
                Goals.order(catalogue.jdbi().withHandle(handle -> target(handle, input))),
                chosen.timeline(),
                source.owner(),
                verifiers.owner(),
                verifiers.pooler(),
                verifiers.replicator(),
                source.database(),
                endpoints.certificate(row, primary.memberId(), primary.hostId()),
                over);
    }

    void reached(Connection connection, String operationId, Restored restored, Primary primary) {
        RestoreStore.reached(
                Catalogue.within(connection),
                operationId,
                restored.lastTransactionAt(),
                restored.endLsn(),
                restored.timeline(),
                restored.bytes(),
                restored.fetchMillis(),
                restored.replayMillis(),
                restored.kept() ? Optional.of(primary.memberId()) : Optional.empty());
    }

    void completed(Connection connection, String operationId) {
        RestoreStore.end(
                Catalogue.within(connection),
                operationId,
                RestoreStore.State.Completed,
                Optional.empty(),
                clock.instant());
    }

    void failedNew(
            Connection connection, String operationId, RestoreInput input, StepFailed failure) {
        failed(connection, operationId, failure);
        InstanceStore.fail(
                Catalogue.within(connection),
                input.instanceId(),
                String.valueOf(failure.getMessage()));
    }

    void failed(Connection connection, String operationId, StepFailed failure) {
        RestoreStore.end(
                Catalogue.within(connection),
                operationId,
                RestoreStore.State.Failed,
                Optional.of(String.valueOf(failure.getMessage())),
                clock.instant());
    }

    void cancelled(Connection connection, String operationId) {
        RestoreStore.end(
                Catalogue.within(connection),
                operationId,
                RestoreStore.State.Failed,
                Optional.of("cancelled"),
                clock.instant());
    }

    private RepositoryRow repository(RestoreInput input) {
        return catalogue
                .jdbi()
                .withHandle(handle -> RepositoryStore.find(handle, input.repositoryId()))
                .orElseThrow(() -> new PermanentFailure("the repository is gone"));
    }

    private InstanceRow instance(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, id))
                .orElseThrow(() -> new PermanentFailure(id + " is gone"));
    }

    private MemberRow member(InstanceRow row, String memberId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.of(handle, row))
                .primary()
                .filter(one -> one.id().equals(memberId))
                .orElseThrow(() -> new PermanentFailure(memberId + " is not the primary"));
    }
}
