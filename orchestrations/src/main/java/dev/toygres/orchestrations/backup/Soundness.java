package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.Dump;
import dev.toygres.agentapi.BackupResult.Fault;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.durable.Attempt;
import dev.toygres.model.InstanceId;
import dev.toygres.model.backup.BackupKind;
import dev.toygres.model.backup.BackupState;
import dev.toygres.model.backup.WalSegment;
import dev.toygres.orchestrations.Orders;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.BackupCatalogue;
import dev.toygres.store.backup.BackupRow;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Has what is in a store read again, and writes down for each backup whether it is sound. */
public final class Soundness {
    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;
    private final StoreLook stores;
    private final InstantSource clock;

    public Soundness(
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

    /**
     * What is wrong with the backup, if anything. A physical one is read with all others of its
     * repository: what is found is written down for each of them. WAL that is not sound is a gap
     * from now on.
     */
    Optional<String> judge(Attempt attempt, RepositoryRow row, BackupRow backup) {
        Set<String> there = labels(stores.look(attempt, row));
        List<Fault> faults =
                backup.engineLabel().filter(there::contains).isPresent()
                        ? verified(attempt, row, backup).faults()
                        : List.of();
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            if (backup.kind().isPhysical()) {
                                RepositoryStore.badWal(handle, row.id(), badSegments(faults));
                            }
                            return record(handle, backup, there, faults);
                        });
    }

    private static Set<String> labels(Content content) {
        return Stream.concat(
                        content.backups().stream().map(PhysicalBackup::label),
                        content.dumps().stream().map(Dump::label))
                .collect(Collectors.toSet());
    }

    private Verified verified(Attempt attempt, RepositoryRow row, BackupRow backup) {
        InstanceId owner = new InstanceId(row.instanceId());
        BackupOrder order =
                backup.kind() == BackupKind.Logical
                        ? new BackupOrder.VerifyDump(
                                owner, repositories.of(row), backup.engineLabel().orElseThrow())
                        : new BackupOrder.VerifyRepository(owner, repositories.of(row));
        return orders.carryOut(
                attempt, stores.host(attempt, row), row.instanceId(), order, Verified.class);
    }

    /**
     * Oldest first: whether one can be relied on hangs on those before it; and what is wrong with
     * those says more than the engine, which calls them all invalid.
     */
    private Optional<String> record(
            Handle handle, BackupRow asked, Set<String> there, List<Fault> faults) {
        Optional<String> ours = Optional.empty();
        for (BackupRow one : BackupCatalogue.in(handle, asked.repositoryId())) {
            if (wasRead(one, asked)) {
                Optional<String> trouble =
                        flawBelow(handle, one).or(() -> hurt(one, there, faults));
                write(handle, one, trouble);
                ours = one.id().equals(asked.id()) ? trouble : ours;
            }
        }
        return ours;
    }

    private static boolean wasRead(BackupRow one, BackupRow asked) {
        return one.id().equals(asked.id())
                || (asked.kind().isPhysical()
                        && one.kind().isPhysical()
                        && one.engineLabel().isPresent());
    }

    private static Optional<String> hurt(BackupRow one, Set<String> there, List<Fault> faults) {
        if (one.engineLabel().filter(there::contains).isEmpty()) {
            return Optional.of("it is not in the store");
        }
        return faults.stream()
                .filter(fault -> fault.label().isPresent())
                .filter(fault -> fault.label().equals(one.engineLabel()))
                .map(fault -> fault.file() + ": " + fault.words())
                .findFirst();
    }

    private static Optional<String> flawBelow(Handle handle, BackupRow one) {
        return BackupCatalogue.chains(handle, one.repositoryId()).flawBelow(one.facts());
    }

    /** One that was never good does not become so by another's verification. */
    private void write(Handle handle, BackupRow one, Optional<String> trouble) {
        switch (one.state()) {
            case Available, Damaged -> {
                if (trouble.isPresent()) {
                    BackupCatalogue.state(handle, one.id(), BackupState.Damaged, trouble);
                } else {
                    BackupCatalogue.verified(handle, one.id(), clock.instant());
                }
            }
            case Creating, Failed, Deleting -> {}
        }
    }

    private static List<String> badSegments(List<Fault> faults) {
        return faults.stream()
                .filter(fault -> fault.label().isEmpty())
                .map(fault -> segmentName(fault.file()))
                .filter(name -> WalSegment.parse(name).isPresent())
                .distinct()
                .toList();
    }

    /** A file in the archive has a checksum and an ending behind its name. */
    private static String segmentName(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return name.length() > 24 ? name.substring(0, 24) : name;
    }
}
