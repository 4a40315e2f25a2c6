package dev.toygres.durable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after what nobody else does: overdue steps, old operations, unknown types. */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 500;

    /** One engine gets each row, since one update sets the mark. */
    private static final String OVERDUE =
            """
            update durable.step s set alerted = true from durable.operation o
            where s.deadline_at <= ?::timestamptz and s.ended_at is null and not s.alerted
                and o.id = s.operation_id and o.generation = s.generation
                and o.completed_at is null
            returning s.operation_id, o.type, s.path, s.deadline_at
            """;

    /** A child stays as long as its parent may still read its result. */
    private static final String DELETE_OLD =
            """
            with gone as (
                delete from durable.operation where id in (
                    select o.id from durable.operation o
                    where o.created_at < ?::timestamptz and o.completed_at < ?::timestamptz
                        and not exists (
                            select from durable.operation p
                            where p.id = o.parent_id and p.completed_at is null)
                    limit ?)
                returning id),
            steps as (delete from durable.step s using gone where s.operation_id = gone.id),
            events as (delete from durable.event e using gone where e.operation_id = gone.id)
            select count(*) from gone
            """;

    private static final String UNKNOWN =
            """
            select distinct type from durable.operation
            where owner is null and wake_at is not null and type <> all(?)
            """;

    private final Ground ground;
    private final EngineListener listener;
    private final String[] types;
    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    Sweeper(Ground ground, EngineListener listener, Set<String> types) {
        this.ground = ground;
        this.listener = listener;
        this.types = types.toArray(String[]::new);
    }

    void alertOverdue() {
        var now = ground.now();
        ground.database()
                .once(c -> Sql.list(c, OVERDUE, Sweeper::overdue, now))
                .forEach(listener::stepOverdue);
    }

    private static EngineListener.OverdueStep overdue(ResultSet row) throws SQLException {
        return new EngineListener.OverdueStep(
                row.getString("operation_id"),
                row.getString("type"),
                row.getString("path"),
                Objects.requireNonNull(Sql.instant(row, "deadline_at")));
    }

    void deleteOld() {
        var before = ground.now().minus(ground.options().retention());
        long deleted;
        do {
            deleted =
                    ground.database()
                            .once(
                                    c ->
                                            Sql.first(
                                                    c,
                                                    DELETE_OLD,
                                                    row -> row.getLong(1),
                                                    before,
                                                    before,
                                                    BATCH))
                            .orElse(0L);
        } while (deleted == BATCH);
    }

    void complainOfUnknownTypes() {
        List<String> unknown =
                ground.database()
                        .once(c -> Sql.list(c, UNKNOWN, row -> row.getString(1), (Object) types));
        for (String type : unknown) {
            if (complained.add(type)) {
                LOG.warn("no flow here runs operations of type {}: they are left alone", type);
            }
        }
    }
}
