package dev.toygres.durable;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The operations of one database; needs no engine in its process. */
public final class CatalogueOperations implements Operations {
    private static final String FIND = "select * from durable.operation where id = ?";
    private static final String LIST =
            """
            select * from durable.operation
            where (?::text is null or subject = ?) and (?::text is null or type = ?)
                and (?::text is null or state = ?)
                and (?::text is null or (created_at, id) < (
                    select created_at, id from durable.operation where id = ?))
            order by created_at desc, id desc limit ?
            """;
    private static final String STEPS =
            """
            select * from durable.step where operation_id = ?
            order by generation, started_at, path
            """;
    private static final String HOLDER =
            "select id from durable.operation where lane = ? and completed_at is null";

    private static final String TAKE_LANE =
            "update durable.operation set lane = ? where id = ? and completed_at is null";
    private static final String UNIQUE_VIOLATION = "23505";

    /** Knocks at an operation; wakes it when nobody runs it. */
    private static final String KNOCK =
            """
            knocks = knocks + 1, revision = revision + 1,
            wake_at = case when owner is null then durable.at_once() else wake_at end
            """;

    private static final String SIGNAL =
            """
            with known as (
                update durable.operation set %s where id = ? and completed_at is null returning id)
            insert into durable.event (operation_id, kind, payload, sent_at)
            select id, ?, ?::jsonb, ?::timestamptz from known
            """
                    .formatted(KNOCK);
    private static final String DECIDE =
            """
            with open as (
                select id, question_path from durable.operation
                where id = ? and question_path is not null and completed_at is null for update),
            answered as (
                update durable.operation o set %s, question = null, question_path = null,
                    state = case state when 'NeedsDecision' then 'Waiting' else state end
                from open where o.id = open.id)
            insert into durable.event (operation_id, kind, payload, sent_at)
            select id, '~decision:' || question_path, ?::jsonb, ?::timestamptz from open
            """
                    .formatted(KNOCK);
    private static final String CANCEL =
            """
            update durable.operation set %s,
                cancel_requested_at = coalesce(cancel_requested_at, ?::timestamptz)
            where id = ? and completed_at is null and not no_return
            """
                    .formatted(KNOCK);

    private final Database database;
    private final InstantSource clock;
    private final Json json = new Json();
    private final Starts starts;
    private final Namesakes namesakes;

    public CatalogueOperations(DataSource dataSource, InstantSource clock) {
        this(dataSource, clock, Incarnations.NONE);
    }

    public CatalogueOperations(
            DataSource dataSource, InstantSource clock, Incarnations incarnations) {
        this.database = new Database(dataSource);
        this.clock = clock;
        this.namesakes = new Namesakes(incarnations);
        this.starts = new Starts(json, clock, namesakes);
    }

    @Override
    public <I> void start(Connection connection, StartRequest<I> request) {
        try {
            starts.start(connection, request);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    @Override
    public Optional<Operation> find(String id) {
        return database.once(
                connection -> Sql.first(connection, FIND, CatalogueOperations::operation, id));
    }

    @Override
    public List<Operation> list(
            Optional<String> subject,
            Optional<String> type,
            Optional<OperationState> state,
            int limit,
            Optional<String> before) {
        @Nullable String about = subject.orElse(null);
        @Nullable String kind = type.orElse(null);
        @Nullable String standing = state.map(Enum::name).orElse(null);
        @Nullable String from = before.orElse(null);
        @Nullable Object[] values = {
            about, about, kind, kind, standing, standing, from, from, limit
        };
        return database.once(
                connection -> Sql.list(connection, LIST, CatalogueOperations::operation, values));
    }

    @Override
    public List<StepRecord> steps(String id) {
        return database.once(
                connection -> Sql.list(connection, STEPS, CatalogueOperations::step, id));
    }

    @Override
    public void signal(String id, String event, Object payload) {
        String content = json.write("event " + event, payload);
        if (event.startsWith("~")) {
            throw new IllegalArgumentException("an event's name cannot start with ~: " + event);
        }
        boolean heard = change(id, "", SIGNAL, id, event, content, clock.instant());
        if (!heard && find(id).isEmpty()) {
            throw new IllegalArgumentException("there is no operation " + id);
        }
    }

    @Override
    public boolean cancel(String id) {
        return change(id, id, CANCEL, clock.instant(), id);
    }

    @Override
    public boolean retry(String id) {
        return database.transaction(
                connection -> {
                    boolean taken = new Retry(connection, namesakes).retry(id);
                    wake(connection, "");
                    return taken;
                });
    }

    @Override
    public boolean decide(String id, Object decision) {
        return change(id, "", DECIDE, id, json.write("decision", decision), clock.instant());
    }

    @Override
    public Optional<String> holder(String lane) {
        return database.once(
                connection -> Sql.first(connection, HOLDER, row -> row.getString(1), lane));
    }

    @Override
    public boolean takeLane(Connection connection, String id, String lane) {
        try {
            namesakes.requireNoOther(connection, id);
            Savepoint before = connection.setSavepoint();
            try {
                Sql.update(connection, TAKE_LANE, lane, id);
                connection.releaseSavepoint(before);
                return true;
            } catch (SQLException e) {
                if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw e;
                }
                connection.rollback(before);
                return false;
            }
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    /** Answers how many were cancelled. */
    static int cancel(Connection connection, String id, Instant now) throws SQLException {
        int cancelled = Sql.update(connection, CANCEL, now, id);
        if (cancelled > 0) {
            wake(connection, id);
        }
        return cancelled;
    }

    private boolean change(String id, String cancelled, String sql, @Nullable Object... values) {
        return database.transaction(
                connection -> {
                    int changed = Sql.update(connection, sql, values);
                    if (changed > 0) {
                        wake(connection, cancelled);
                        Sql.list(connection, NOTIFY, row -> "", Channels.CHANGE, id);
                    }
                    return changed > 0;
                });
    }

    private static final String NOTIFY = "select pg_notify(?, ?)";

    private static void wake(Connection connection, String id) throws SQLException {
        Sql.list(connection, NOTIFY, row -> "", Channels.WAKE, id);
    }

    private static Operation operation(ResultSet row) throws SQLException {
        OperationState state = OperationState.valueOf(row.getString("state"));
        return new Operation(
                row.getString("id"),
                row.getString("type"),
                text(row, "subject"),
                state,
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Optional.ofNullable(Sql.instant(row, "started_at")),
                Optional.ofNullable(Sql.instant(row, "completed_at")),
                row.getDouble("progress"),
                text(row, "current_step"),
                text(row, "words"),
                text(row, "error"),
                text(row, "result"),
                text(row, "question"),
                text(row, "parent_id"),
                row.getObject("cancel_requested_at") != null,
                !state.isFinal() && !row.getBoolean("no_return"),
                row.getLong("revision"));
    }

    private static StepRecord step(ResultSet row) throws SQLException {
        return new StepRecord(
                row.getInt("generation"),
                row.getString("path"),
                row.getString("kind"),
                row.getString("state"),
                row.getInt("attempt"),
                Objects.requireNonNull(Sql.instant(row, "started_at")),
                Optional.ofNullable(Sql.instant(row, "ended_at")),
                Optional.ofNullable(row.getObject("progress", Double.class)),
                text(row, "words"),
                text(row, "error"));
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
