package dev.toygres.agentapi;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What orders of backup and restore answer. Sizes are bytes. */
public sealed interface BackupResult extends OrderResult {

    /**
     * @param claimed it was nobody's before
     * @param mark by which another host knows that it sees the same
     */
    record StoreProven(boolean claimed, long millis, Optional<String> mark)
            implements BackupResult {}

    /**
     * @param backups physical ones that are complete, oldest first
     * @param wal what is archived, in ranges without a hole
     * @param histories of the timelines that are archived: what their history files say
     * @param dumps that are complete, oldest first
     * @param points that were made, oldest first
     */
    record Content(
            Optional<String> owner,
            List<PhysicalBackup> backups,
            List<WalRange> wal,
            List<History> histories,
            List<Dump> dumps,
            List<Point> points)
            implements BackupResult {
        public Content {
            backups = List.copyOf(backups);
            wal = List.copyOf(wal);
            histories = List.copyOf(histories);
            dumps = List.copyOf(dumps);
            points = List.copyOf(points);
        }
    }

    /** A restore point, as the store remembers it. */
    record Point(String name, int timeline, String lsn, Instant at) {}

    /**
     * @param label the engine's name of it
     * @param depth a wished incremental may have become full
     * @param prior whose files it needs directly; with {@code needs}: all that it needs
     * @param startedAt taken from the engine, not from the label: a resumed one keeps its old label
     * @param startLsn replay begins here; at {@code stopLsn} it is consistent
     * @param firstWal names of the first and last segment that make it consistent
     * @param databaseBytes of the data; {@code copiedBytes}: what this one read of it
     * @param repositoryBytes in the store with all that it needs; {@code ownBytes} without
     * @param damaged pages with wrong checksums were found while it was taken: it is not good
     * @param annotations what TakeBackup was told, and {@code name}
     */
    record PhysicalBackup(
            String label,
            BackupOrder.Depth depth,
            Optional<String> prior,
            List<String> needs,
            Instant startedAt,
            Instant stoppedAt,
            String startLsn,
            String stopLsn,
            int timeline,
            String firstWal,
            String lastWal,
            long databaseBytes,
            long copiedBytes,
            long repositoryBytes,
            long ownBytes,
            String systemIdentifier,
            int postgresMajor,
            String engine,
            boolean damaged,
            List<String> databases,
            Map<String, String> annotations) {
        public PhysicalBackup {
            needs = List.copyOf(needs);
            databases = List.copyOf(databases);
            annotations = Map.copyOf(annotations);
        }
    }

    /**
     * WAL without a hole, from the beginning of the first segment to the end of the last.
     *
     * @param segments how many
     */
    record WalRange(
            int timeline,
            String firstWal,
            String lastWal,
            String fromLsn,
            String toLsn,
            int segments) {}

    /** The way to a timeline: where each earlier one was left, oldest first. */
    record History(int timeline, List<Switch> way) {
        public History {
            way = List.copyOf(way);
        }
    }

    /** A timeline was left there. */
    record Switch(int timeline, String lsn) {}

    /**
     * @param plainBytes what pg_dump wrote; {@code storedBytes}: what it is compressed
     * @param sha256 of the manifest
     */
    record Dump(
            String label,
            Instant startedAt,
            Instant endedAt,
            int postgresMajor,
            List<String> databases,
            boolean schemaOnly,
            boolean roles,
            long plainBytes,
            long storedBytes,
            boolean encrypted,
            String sha256,
            Map<String, String> annotations) {
        public Dump {
            databases = List.copyOf(databases);
            annotations = Map.copyOf(annotations);
        }
    }

    /**
     * @param bytes that were read
     * @param faults empty: sound
     */
    record Verified(List<Fault> faults, long files, long bytes, long millis)
            implements BackupResult {
        public Verified {
            faults = List.copyOf(faults);
        }
    }

    /**
     * @param label of the backup or dump that is hurt; empty: of WAL
     * @param file what is wrong there, or the WAL segment
     */
    record Fault(Optional<String> label, String file, String words) {}

    /**
     * @param removed labels, with what was based on them
     */
    record Expired(List<String> removed) implements BackupResult {
        public Expired {
            removed = List.copyOf(removed);
        }
    }

    /**
     * @param restartNeeded this Postgres was started without archive_mode: nothing is archived
     *     until RestartMember
     * @param archiving WAL was seen to arrive; false on a standby
     */
    record ArchiveReady(boolean restartNeeded, boolean archiving, String systemIdentifier)
            implements BackupResult {}

    /**
     * @param wal the segment that holds it
     * @param archived it was seen in the archive
     */
    record RestorePoint(
            String name, String lsn, int timeline, Instant at, String wal, boolean archived)
            implements BackupResult {}

    /**
     * @param repeated it was there already: an earlier attempt had made it
     */
    record BackupTaken(PhysicalBackup backup, boolean repeated) implements BackupResult {}

    /** ServeBackup. */
    record Serving(BackupPeer peer) implements BackupResult {}

    /**
     * @param timeline the new one
     * @param endLsn where replay ended
     * @param lastTransactionAt the last commit that was replayed, where there was one
     * @param bytes that were fetched
     * @param kept the old data is kept
     */
    record Restored(
            Address address,
            String systemIdentifier,
            int timeline,
            String endLsn,
            Optional<Instant> lastTransactionAt,
            long bytes,
            long fetchMillis,
            long replayMillis,
            boolean kept)
            implements BackupResult {}

    /**
     * @param corruption what pg_amcheck said; empty: sound
     * @param sums of each query: its rows and their SHA-256
     */
    record Checked(List<String> corruption, List<RowSum> sums, long millis)
            implements BackupResult {
        public Checked {
            corruption = List.copyOf(corruption);
            sums = List.copyOf(sums);
        }
    }

    /**
     * @param sha256 of the rows' text in their order
     * @param error the query could not be run
     */
    record RowSum(String query, long rows, String sha256, Optional<String> error) {}

    /**
     * @param bytesByDatabase of tables without their indexes
     */
    record DumpSize(Map<String, Long> bytesByDatabase) implements BackupResult {
        public DumpSize {
            bytesByDatabase = Map.copyOf(bytesByDatabase);
        }
    }

    record DumpTaken(Dump dump, boolean repeated) implements BackupResult {}

    /**
     * @param warnings what pg_restore said and went on
     */
    record DumpRestored(List<String> databases, List<String> warnings, long millis)
            implements BackupResult {
        public DumpRestored {
            databases = List.copyOf(databases);
            warnings = List.copyOf(warnings);
        }
    }
}
