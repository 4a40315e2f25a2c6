package dev.toygres.orchestrations.backup;

import dev.toygres.agentapi.BackupOrder;
import dev.toygres.agentapi.BackupResult.ArchiveReady;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.MemberUp;
import dev.toygres.durable.Attempt;
import dev.toygres.model.MemberId;
import dev.toygres.orchestrations.Orders;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.RepositoryRow;
import dev.toygres.store.backup.RepositoryStore;
import java.util.Optional;

/**
 * Members archive to their instance's repository whenever they are primary. Standbys are told too,
 * so that not a segment is missing after a failover.
 */
public final class Archiving {
    private final Catalogue catalogue;
    private final Orders orders;
    private final Repositories repositories;

    public Archiving(Catalogue catalogue, Orders orders, Repositories repositories) {
        this.catalogue = catalogue;
        this.orders = orders;
        this.repositories = repositories;
    }

    /** To where the instance archives now; nothing to do where it does not. */
    public void follow(
            Attempt attempt, String instanceId, String memberId, String host, long term) {
        attached(instanceId).ifPresent(row -> set(attempt, row, memberId, host, term));
    }

    Optional<RepositoryRow> attached(String instanceId) {
        return catalogue.jdbi().withHandle(handle -> RepositoryStore.attached(handle, instanceId));
    }

    /** A Postgres that was started before archiving was thought of needs a restart for it. */
    void set(Attempt attempt, RepositoryRow row, String memberId, String host, long term) {
        Order order =
                new BackupOrder.ConfigureArchive(
                        new MemberId(memberId), term, repositories.of(row));
        ArchiveReady ready = orders.carryOut(attempt, host, memberId, order, ArchiveReady.class);
        if (ready.restartNeeded()) {
            orders.carryOut(
                    attempt,
                    host,
                    memberId,
                    new Order.RestartMember(new MemberId(memberId), term),
                    MemberUp.class);
            orders.carryOut(attempt, "again", host, memberId, order, ArchiveReady.class);
        }
    }

    void remove(Attempt attempt, String memberId, String host, long term) {
        orders.carryOut(
                attempt,
                host,
                memberId,
                new BackupOrder.RemoveArchive(new MemberId(memberId), term));
    }
}
