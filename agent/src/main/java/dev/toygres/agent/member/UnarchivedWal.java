package dev.toygres.agent.member;

import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.model.Lsn;
import dev.toygres.model.backup.WalSegment;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * WAL that the primary has not archived stays on its standbys too, for whoever of them is promoted
 * ({@link InheritedWal}). Postgres takes for archived what comes in on a standby, and removes it
 * with the next restartpoint. What keeps it is a slot of the standby's own through which nobody
 * streams: it follows what the primary says it has archived. A store that is dead for long cannot
 * fill the disk of a standby: max_slot_wal_keep_size holds for this slot, too.
 */
final class UnarchivedWal {
    static final String SLOT = "toygres_unarchived";

    private static final Logger LOG = LoggerFactory.getLogger(UnarchivedWal.class);
    private static final Duration PACE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final String ARCHIVED =
            "SELECT last_archived_wal FROM pg_stat_archiver WHERE last_archived_wal IS NOT NULL";

    private final Member member;
    private boolean dropped;
    private long lookedAt = System.nanoTime() - PACE.toNanos();

    UnarchivedWal(Member member) {
        this.member = member;
    }

    /** One turn of the supervisor; whoever is at work on the member goes first. */
    synchronized void look() {
        if (System.nanoTime() - lookedAt < PACE.toNanos() || !member.postgres().isReady()) {
            return;
        }
        lookedAt = System.nanoTime();
        try {
            // Asked before the lock is taken: a primary that hangs must not keep a promotion
            // waiting.
            var archived = isWanted() ? archivedByPrimary() : Optional.<Lsn>empty();
            inTurn(archived);
        } catch (OrderFailed notNow) {
            LOG.debug("WAL that is kept by {}: {}", member.id, notNow.getMessage());
        }
    }

    private void inTurn(Optional<Lsn> archived) {
        if (!member.lock.tryLock()) {
            return;
        }
        try {
            if (isWanted()) {
                dropped = false;
                Slots.keep(member, SLOT, LIMIT);
                archived.ifPresent(to -> Slots.advance(member, SLOT, to, LIMIT));
            } else if (isOver() && !dropped) {
                Slots.dropIdle(member, SLOT, LIMIT);
                dropped = true;
            }
        } finally {
            member.lock.unlock();
        }
    }

    private boolean isWanted() {
        return member.archiving().isConfigured() && isReadyAs(Role.Standby);
    }

    /**
     * Nothing is archived any more, or by itself: what a primary inherited it has claimed, unless
     * its promotion was cut short.
     */
    private boolean isOver() {
        return isReadyAs(Role.Standby)
                || (isReadyAs(Role.Primary) && member.known().upstream().isEmpty());
    }

    private boolean isReadyAs(Role role) {
        return member.memory()
                .filter(known -> known.stage() == Stage.Ready && known.is(role))
                .isPresent();
    }

    /** Up to where: segments are archived in their order, those of older timelines first. */
    private Optional<Lsn> archivedByPrimary() {
        try (var connection = Sql.connect(member.upstream(), member.home, LIMIT);
                var statement = connection.createStatement()) {
            return lastArchived(statement).flatMap(WalSegment::parse).map(WalSegment::to);
        } catch (SQLException away) {
            return Optional.empty();
        }
    }

    private static Optional<String> lastArchived(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery(ARCHIVED)) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }
}
