package dev.toygres.agent.backup;

import dev.toygres.agent.member.Progress;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupPeer;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.Expired;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.agentapi.Repository;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What copies data directories and WAL to a store and back. Retention, catalogue, choice of a set
 * and the verdict on it are not the engine's: one can take its place (ADR 14).
 */
public interface BackupEngine {

    /** Name and version; empty where it is not installed or too old. */
    Optional<String> version();

    /** The store answers, and lets us write, read and delete. */
    void prove(Workplace place, Repository repository);

    /** The repository is ready for this cluster; repeatable. */
    void prepare(Workplace place, Repository repository);

    /** A WAL segment of the running primary arrives in the archive. */
    void proveArchive(Workplace place, Repository repository);

    /** Those history files of the cluster that the archive lacks are in it afterwards. */
    void archiveHistories(Workplace place, Repository repository, Collection<Path> histories);

    /** Writes what the archive command of Postgres works with, and answers that command. */
    void keepArchive(Workplace place, Repository repository);

    /** The command that archives the file named by its argument, for a shell. */
    List<String> archiveCommand(Workplace place);

    /** What kept it from archiving what waits, in the engine's words. */
    Optional<String> archiveTrouble(Workplace place);

    /** Who archives for this place ends at once; what it did is done again later. */
    void endArchiving(Workplace place);

    PhysicalBackup take(Workplace place, Repository repository, Wish wish, Progress progress);

    /**
     * @param name of the caller; a backup that has it already is answered
     * @param maxRateKilobytes per second; 0 is unlimited
     * @param primary of the standby that is backed up
     */
    record Wish(
            Depth depth,
            String name,
            Map<String, String> annotations,
            int maxRateKilobytes,
            long expectedBytes,
            Optional<BackupPeer> primary) {}

    /**
     * A standby's backup may ask this primary for its start and its end, with what is answered; one
     * such backup at a time.
     *
     * @param free where one can listen
     */
    BackupPeer serve(Workplace place, Supplier<Address> free);

    /** Nobody is served any more. */
    void endServing(Workplace place);

    Optional<PhysicalBackup> find(Workplace place, Repository repository, String name);

    /** Physical backups and WAL, without dumps. */
    Content list(Workplace place, Repository repository);

    Verified verify(Workplace place, Repository repository, Progress progress);

    Expired expire(
            Workplace place,
            Repository repository,
            List<String> labels,
            Optional<String> keepWalSince);

    /** The data of that backup, into the cluster's empty directory. */
    void restore(Workplace place, Repository repository, String label, Progress progress);

    /** Writes what the command that fetches WAL works with. */
    void keepSource(Workplace place, Repository repository);

    /** The command that fetches a WAL file, for a shell: its name, where to. */
    List<String> fetchCommand(Workplace place);

    /** Objects of the repository that are not the engine's own. */
    Objects objects(Workplace place, Repository repository);

    /** What an order needed is gone when it ends: the keys of the store with it. */
    void forget(Workplace place);

    /** Ends what orders of this place run: whatever was begun by us or an agent before us. */
    void abort(Workplace place);
}
