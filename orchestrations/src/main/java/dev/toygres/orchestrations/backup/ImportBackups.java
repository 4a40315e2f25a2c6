package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Point;
import dev.toygres.durable.Attempt;
import dev.toygres.durable.Context;
import dev.toygres.durable.Flow;
import dev.toygres.durable.PermanentFailure;
import dev.toygres.durable.StepOptions;
import dev.toygres.model.Lsn;
import dev.toygres.model.backup.Archive.WalSample;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.store.Catalogue;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** A catalogue that was lost is made anew from what a store holds. */
public final class ImportBackups implements Flow<Wanted, BackupOutcome> {
    private final Catalogue catalogue;
    private final StoreLook stores;
    private final Soundness soundness;
    private final ConfigureSteps steps;

    public ImportBackups(
            Catalogue catalogue, StoreLook stores, Soundness soundness, ConfigureSteps steps) {
        this.catalogue = catalogue;
        this.stores = stores;
        this.soundness = soundness;
        this.steps = steps;
    }

    @Override
    public BackupOutcome run(Context context, Wanted wanted) {
        context.onUndo(
                "give-the-place-back",
                undo -> undo.transact("given-back", c -> steps.giveBack(c, wanted)));
        context.transact("reserve-place", c -> steps.reserveForImport(c, wanted));
        context.step(
                "look",
                StepOptions.DEFAULT.attempts(2).attemptTimeout(Duration.ofMinutes(5)),
                attempt -> take(attempt, wanted));
        Imported there = context.transact("list", Imported.class, c -> imported(c, wanted));
        for (String id : there.toVerify()) {
            context.progress(0.2, "verifying " + id);
            context.step("verify-" + id, CreateBackup.LONG, attempt -> judge(attempt, id));
        }
        return new BackupOutcome(wanted.instanceId(), Optional.empty());
    }

    /**
     * Each can be restored meanwhile: whoever has lost everything does not wait.
     *
     * @param toVerify every dump, and one of the others: with it all of them are read
     */
    record Imported(List<String> toVerify) {}

    private static Imported imported(Connection connection, Wanted wanted) {
        List<BackupRow> all =
                BackupCatalogue.in(Catalogue.within(connection), ConfigureSteps.importedId(wanted));
        return new Imported(
                Stream.concat(
                                all.stream().filter(one -> one.kind().isPhysical()).limit(1),
                                all.stream().filter(one -> !one.kind().isPhysical()))
                        .map(BackupRow::id)
                        .toList());
    }

    private void judge(Attempt attempt, String id) {
        BackupRow backup =
                catalogue
                        .jdbi()
                        .withHandle(handle -> BackupCatalogue.find(handle, id))
                        .orElseThrow();
        RepositoryRow row =
                catalogue
                        .jdbi()
                        .withHandle(handle -> RepositoryStore.find(handle, backup.repositoryId()))
                        .orElseThrow();
        // What is found stands with each backup: that one is damaged is no failure of the import.
        var _ = soundness.judge(attempt, row, backup);
    }

    private void take(Attempt attempt, Wanted wanted) {
        RepositoryRow row =
                catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        RepositoryStore.find(
                                                handle, ConfigureSteps.importedId(wanted)))
                        .orElseThrow();
        Content content = stores.look(attempt, row);
        if (content.backups().isEmpty() && content.dumps().isEmpty()) {
            throw new PermanentFailure("there are no backups in " + row.storage().place());
        }
        content.backups().forEach(one -> take(row, one));
        content.dumps().forEach(one -> take(row, one));
        catalogue.jdbi().useHandle(handle -> identify(handle, row, content));
        content.points()
                .forEach(one -> catalogue.jdbi().useHandle(handle -> point(handle, row, one)));
    }

    /** It also says what the primary had written at which time: a second before, surely. */
    private static void point(Handle handle, RepositoryRow row, Point one) {
        Lsn position = Lsn.parse(one.lsn());
        BackupCatalogue.addPoint(
                handle,
                row.id(),
                new BackupCatalogue.RestorePoint(one.name(), one.timeline(), position, one.at()));
        RepositoryStore.sample(
                handle,
                row.id(),
                new WalSample(one.timeline(), position, one.at().minusSeconds(1)));
    }

    /** As its last backup says. */
    private static void identify(Handle handle, RepositoryRow row, Content content) {
        content.backups().stream()
                .max(Comparator.comparing(PhysicalBackup::startedAt))
                .ifPresent(
                        one ->
                                RepositoryStore.identify(
                                        handle,
                                        row.id(),
                                        one.systemIdentifier(),
                                        one.postgresMajor(),
                                        one.annotations().getOrDefault("owner", row.owner()),
                                        one.annotations().getOrDefault("database", row.database()),
                                        Optional.ofNullable(one.annotations().get("parameters"))
                                                .map(ParameterStore::fromJson)
                                                .orElse(ParameterSet.NONE)));
    }

    private void take(RepositoryRow row, PhysicalBackup one) {
        BackupKind kind = BackupKind.Full;
        BackupRow begun =
                begun(row, one.annotations(), one.label(), kind, one.startedAt(), List.of());
        BackupRow known = stores.physical(begun, one, "");
        put(one.damaged() ? Optional.of("damaged pages were backed up") : Optional.empty(), known);
    }

    private void take(RepositoryRow row, Dump one) {
        BackupRow begun =
                begun(
                        row,
                        one.annotations(),
                        one.label(),
                        BackupKind.Logical,
                        one.startedAt(),
                        one.databases());
        put(Optional.empty(), stores.dump(begun, one, ""));
    }

    private void put(Optional<String> damage, BackupRow row) {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            BackupCatalogue.put(handle, row);
                            BackupCatalogue.state(
                                    handle,
                                    row.id(),
                                    damage.isPresent()
                                            ? BackupState.Damaged
                                            : BackupState.Available,
                                    damage);
                        });
    }

    private static BackupRow begun(
            RepositoryRow row,
            Map<String, String> annotations,
            String label,
            BackupKind kind,
            Instant startedAt,
            List<String> databases) {
        return BackupRow.begun(
                annotations.getOrDefault("name", label),
                row.id(),
                row.instanceId(),
                kind,
                Optional.ofNullable(annotations.get("label")).filter(text -> !text.isEmpty()),
                databases,
                false,
                "imported",
                "",
                startedAt);
    }
}
