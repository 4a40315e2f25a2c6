package dev.toygres.orchestrations.backup;

import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.ScheduleStore;
import java.time.Instant;
import java.util.Optional;

/**
 * How the backups of an instance are set up.
 *
 * @param next when the next is due; absent while it is paused
 * @param lastGood the newest backup that can be relied on and rolled forward: no dump
 */
public record ScheduleView(
        ScheduleStore.Row schedule,
        RepositoryRow repository,
        Optional<Instant> next,
        Optional<String> lastGood,
        Optional<Instant> lastGoodAt) {}
