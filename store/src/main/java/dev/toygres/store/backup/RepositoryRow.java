package dev.toygres.store.backup;

import dev.toygres.model.backup.Archive.WalRange;
import dev.toygres.model.backup.Compression;
import dev.toygres.model.backup.RetentionPolicy;
import dev.toygres.model.backup.Storage;
import dev.toygres.model.backup.Timelines;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A place in a store for the backups and the WAL of one cluster.
 *
 * @param attached the instance archives there now
 * @param encryptionRef the name of the secret that it is encrypted with
 * @param owner of the database in it; {@code database}: its name
 * @param wal what the last look found, and what came in since
 * @param badWal segments that are there and not sound
 * @param walFrom WAL is kept whole since the end of this backup
 */
public record RepositoryRow(
        String id,
        String instanceId,
        boolean attached,
        Storage storage,
        Optional<String> encryptionRef,
        Compression compression,
        RetentionPolicy retention,
        ZoneId timeZone,
        int postgresMajor,
        String systemIdentifier,
        String owner,
        String database,
        int timeline,
        Timelines timelines,
        List<WalRange> wal,
        List<String> badWal,
        Optional<Instant> lookedAt,
        Optional<String> walFrom,
        Optional<Former> former) {}
