package dev.toygres.agentapi;

import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Orders of backup and restore. Those with a member id go to the member's host with the member as
 * subject; those without go to any host that reaches the store, with the instance as subject. All
 * go in lane backup, so that they are in nobody's way; {@link RestoreMember}, {@link UndoRestore},
 * {@link KeepRestored} and {@link DropKept} are changes of the member and go in lane topology.
 *
 * <p>Long ones report their progress as a job does: a part from 0 to 1, and words with bytes. A
 * failed job leaves nothing that is listed as good, and may be repeated.
 */
public sealed interface BackupOrder extends Order {

    /** Member or instance id. */
    String subject();

    /** Of those that need the member's term. */
    default Optional<Long> forTerm() {
        return Optional.empty();
    }

    /** What is about a member. */
    sealed interface OfMember extends BackupOrder {
        MemberId memberId();

        long term();

        @Override
        default String subject() {
            return memberId().value();
        }

        @Override
        default Optional<Long> forTerm() {
            return Optional.of(term());
        }
    }

    /** What is about a repository, whoever of its instance still lives. */
    sealed interface OfRepository extends BackupOrder {
        InstanceId instanceId();

        Repository repository();

        @Override
        default String subject() {
            return instanceId().value();
        }
    }

    // ---- the repository

    /**
     * Writes a file there, reads it, deletes it; then puts the instance's id there as owner, or
     * finds it. Fails with what is wrong in words for the user: not reachable, certificate,
     * credentials, no such bucket, read only, full, taken by another instance, or encrypted with
     * another passphrase. Answers {@link BackupResult.StoreProven}.
     *
     * @param begins nothing need be there yet; else what is missing is not made: it may be a file
     *     system that is not mounted
     * @param mark what another host found there: this one has to find the same
     */
    record ProveStore(
            InstanceId instanceId, Repository repository, boolean begins, Optional<String> mark)
            implements OfRepository {}

    /** What is there, also for a catalogue that was lost. Answers {@link BackupResult.Content}. */
    record ListRepository(InstanceId instanceId, Repository repository) implements OfRepository {}

    /**
     * Reads every file of every physical backup and all WAL, and compares checksums. An unsound
     * repository is an answer, not a failure: {@link BackupResult.Verified}.
     */
    record VerifyRepository(InstanceId instanceId, Repository repository) implements OfRepository {}

    /**
     * The physical backups of these labels go, with all that is based on them, and the WAL that
     * only they needed. A label that is not there is done already.
     *
     * @param keepWalSince label of the oldest full backup after which all WAL is kept; older ones
     *     keep what makes them consistent. Empty: WAL since the oldest full one
     */
    record ExpireBackups(
            InstanceId instanceId,
            Repository repository,
            List<String> labels,
            Optional<String> keepWalSince)
            implements OfRepository {
        public ExpireBackups {
            labels = List.copyOf(labels);
        }
    }

    /** Nothing of the instance is left there. No member may archive to it any more. */
    record DeleteRepository(InstanceId instanceId, Repository repository) implements OfRepository {}

    /** Every object of a dump, read and checked. Answers {@link BackupResult.Verified}. */
    record VerifyDump(InstanceId instanceId, Repository repository, String label)
            implements OfRepository {}

    /** The dump goes; one that is not there is done already. */
    record DeleteDump(InstanceId instanceId, Repository repository, String label)
            implements OfRepository {}

    /** Remembered in the store too, for a catalogue that is lost. Repeatable. */
    record KeepPoint(InstanceId instanceId, Repository repository, BackupResult.Point point)
            implements OfRepository {}

    // ---- WAL

    /**
     * From now on this member archives its WAL there whenever it is primary: each member of an
     * instance is told, standbys too, so that one archives from its first moment as primary. On the
     * primary it also makes the repository ready and proves that WAL arrives. Repeat it after a
     * change of credentials, on each member. Answers {@link BackupResult.ArchiveReady}.
     */
    record ConfigureArchive(MemberId memberId, long term, Repository repository)
            implements OfMember {}

    /** WAL is thrown away from now on, and what opens the store is forgotten. */
    record RemoveArchive(MemberId memberId, long term) implements OfMember {}

    /**
     * On the primary: a named point that one can restore to, its WAL segment ended, and archived
     * within the time; zero does not wait. Answers {@link BackupResult.RestorePoint}. Also the way
     * to have everything up to now in the archive.
     */
    record CreateRestorePoint(MemberId memberId, long term, String name, Duration awaitArchived)
            implements OfMember {}

    // ---- physical backups

    /**
     * A physical backup of a member whose archive is configured to the same repository. An
     * incremental one without a full one to build on becomes full. A repeated order of the same
     * name answers the backup that is already there. Answers {@link BackupResult.BackupTaken}.
     *
     * @param name the caller's id of this backup: kept as annotation in the repository
     * @param annotations kept in the repository as well: for a catalogue that was lost
     * @param maxRateKilobytes read from the data per second; 0 is unlimited
     * @param primary when the member is a standby: how its host reaches the primary's
     */
    record TakeBackup(
            MemberId memberId,
            long term,
            Repository repository,
            Depth depth,
            String name,
            Map<String, String> annotations,
            int maxRateKilobytes,
            Optional<BackupPeer> primary)
            implements OfMember {
        public TakeBackup {
            annotations = Map.copyOf(annotations);
        }
    }

    /** How much a physical backup copies. */
    enum Depth {
        Full,
        Incremental
    }

    /**
     * On the primary's host: a standby's backup may ask this member for its start and its end.
     * Answers {@link BackupResult.Serving}, which goes into the standby's {@link TakeBackup}.
     */
    record ServeBackup(MemberId memberId, long term, Repository repository) implements OfMember {}

    /** Whoever backs this member up, takes or restores a dump here, is ended. */
    record AbortBackup(MemberId memberId, long term) implements OfMember {}

    // ---- restore

    /**
     * A primary from a backup and WAL: fetched beside the data, replayed to the target, promoted,
     * its roles set to the given verifiers, started with the given settings. It does not archive:
     * {@link ConfigureArchive} comes next, with a repository of its own for a new instance, else
     * with the old one, and then a backup at once. Settings that the backup's WAL demands to be
     * higher are raised while it is replayed. Answers {@link BackupResult.Restored}.
     *
     * <p>With {@code over}, the member is there and stopped or fenced: its data is moved to {@code
     * kept/} beside the new one and stays until {@link DropKept}, {@link UndoRestore} or the next
     * restore over the member. A restore that fails leaves the old data where it was, and what an
     * earlier one had kept.
     *
     * @param label of the backup, chosen by the caller: at or before the target
     * @param timeline to follow: a number, {@code current} (the backup's own) or {@code latest}
     * @param owner etc. as in {@link Order.CreateMember}
     * @param over the member's present data is to be replaced
     */
    record RestoreMember(
            MemberId memberId,
            InstanceId instanceId,
            long term,
            int postgresMajor,
            Map<String, String> settings,
            Repository source,
            String label,
            RecoveryTarget target,
            String timeline,
            String owner,
            String ownerVerifier,
            String poolerVerifier,
            String replicatorVerifier,
            String database,
            Certificate certificate,
            boolean over)
            implements OfMember {
        public RestoreMember {
            settings = Map.copyOf(settings);
        }

        @Override
        public String toString() {
            return "RestoreMember[" + memberId + ", " + label + ", " + target + "]";
        }
    }

    /**
     * The member's data from before its last restore is back, started as primary of the term; what
     * the restore had made is gone, once the former data answers. Done already when nothing is
     * kept. One that fails leaves all as it was. Answers MemberUp.
     *
     * @param beyond when others know of what the restore had made: the newest timeline that anybody
     *     has seen; the old data goes on as a newer one. Empty: it goes on as the one that it was
     */
    record UndoRestore(MemberId memberId, long term, Optional<Integer> beyond)
            implements OfMember {}

    /**
     * What the last restore had made stays after all, started as primary of the term: what an
     * {@link UndoRestore} has begun is taken back. Answers MemberUp.
     */
    record KeepRestored(MemberId memberId, long term) implements OfMember {}

    /** The data from before the last restore is gone for good. */
    record DropKept(MemberId memberId, long term) implements OfMember {}

    /**
     * Looks for corruption with pg_amcheck in every database, and answers the checksum of each
     * query's rows. For drills. Answers {@link BackupResult.Checked}.
     *
     * @param queries run read only in {@code database}
     */
    record CheckMember(MemberId memberId, long term, String database, List<String> queries)
            implements OfMember {
        public CheckMember {
            queries = List.copyOf(queries);
        }
    }

    // ---- logical backups

    /**
     * What a dump of these databases would hold, roughly. Answers {@link BackupResult.DumpSize}.
     */
    record EstimateDump(MemberId memberId, long term, List<String> databases) implements OfMember {
        public EstimateDump {
            databases = List.copyOf(databases);
        }
    }

    /**
     * Databases, streamed to the store without a copy on disk. It is there once its manifest is,
     * which is written last. Answers {@link BackupResult.DumpTaken}.
     *
     * @param label lower-case letters, digits and hyphens: its name in the repository
     * @param databases empty: all but templates
     * @param roles with roles and their memberships and verifiers, without toygres's own
     * @param annotations as with {@link TakeBackup}
     */
    record TakeDump(
            MemberId memberId,
            long term,
            Repository repository,
            String label,
            List<String> databases,
            boolean schemaOnly,
            boolean roles,
            Map<String, String> annotations)
            implements OfMember {
        public TakeDump {
            databases = List.copyOf(databases);
            annotations = Map.copyOf(annotations);
        }
    }

    /**
     * Databases of a dump into a primary of the same or a newer major. A database that is there
     * must be empty, or {@code replace} be true; one that is not is made.
     *
     * @param source where the dump lies: that of any instance
     * @param databases of the dump; empty: all of it
     * @param owner who owns what the dump's owner owned: the instance's own; roles of the dump that
     *     are missing are made, without a right that an owner must not have
     */
    record RestoreDump(
            MemberId memberId,
            long term,
            Repository source,
            String label,
            List<String> databases,
            String owner,
            boolean replace)
            implements OfMember {
        public RestoreDump {
            databases = List.copyOf(databases);
        }
    }
}
