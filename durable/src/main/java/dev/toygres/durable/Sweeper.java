package dev.toygres.durable;

import java.sql.Connection;
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

    private static final String OVERDUE =
            """
            select s.operation_id, s.generation, o.type, s.path, s.deadline_at
            from durable.step s join durable.operation o on o.id = s.operation_id
            where s.deadline_at <= ?::timestamptz and s.ended_at is null and not s.alerted
                and o.generation = s.generation and o.completed_at is null
            """;
    private static final String MARK =
            """
            update durable.step set alerted = true
            where operation_id = ? and generation = ? and path = ?
            """;

    /** One engine tells at a time; rows are not locked, since their steps may end meanwhile. */
    private static final String MY_TURN =
            """
            select 1 where pg_try_advisory_xact_lock(hashtextextended('durable.overdue', 0))
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

    /** Marks after telling: what was told by an engine that died then is told again. */
    void alertOverdue() {
        if (!ground.database().once(this::overdue).isEmpty()) {
            ground.database().transaction(this::tellAndMark);
        }
    }

    private record Overdue(EngineListener.OverdueStep step, int generation) {
        static Overdue read(ResultSet row) throws SQLException {
            return new Overdue(
                    new EngineListener.OverdueStep(
                            row.getString("operation_id"),
                            row.getString("type"),
                            row.getString("path"),
                            Objects.requireNonNull(Sql.instant(row, "deadline_at"))),
                    row.getInt("generation"));
        }
    }

    private List<Overdue> overdue(Connection connection) throws SQLException {
        return Sql.list(connection, OVERDUE, Overdue::read, ground.now());
    }

    private int tellAndMark(Connection connection) throws SQLException {
        if (Sql.first(connection, MY_TURN, row -> 1).isEmpty()) {
            return 0;
        }
        List<Overdue> told = overdue(connection).stream().filter(this::tell).toList();
        for (Overdue overdue : told) {
            EngineListener.OverdueStep step = overdue.step();
            Sql.update(connection, MARK, step.operationId(), overdue.generation(), step.path());
        }
        return told.size();
    }

    /** A listener that fails hears of the step again. */
    private boolean tell(Overdue overdue) {
        try {
            listener.stepOverdue(overdue.step());
            return true;
        } catch (RuntimeException e) {
            LOG.warn("the listener failed at the overdue {}", overdue.step(), e);
            return false;
        }
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
