package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one run. Every write looks at the fencing token in its own statement and writes
 * nothing once another server has the operation; while the catalogue is away it is repeated.
 */
final class Journal {
    /** Locks the operation row, so that a takeover waits for this write or this write sees it. */
    private static final String MINE =
            """
            with mine as (
                select 1 from durable.operation where id = ? and token = ? for share)
            """;

    private static final String ENTRY =
            """
            insert into durable.step (operation_id, generation, path, kind, state, attempt,
                started_at, ended_at, due_at, deadline_at, result, error)
            select ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?::timestamptz,
                ?::timestamptz, ?::jsonb, ?
            from mine
            """;

    private static final String REPLACE =
            """
            on conflict (operation_id, generation, path) do update set
                state = excluded.state, attempt = excluded.attempt, ended_at = excluded.ended_at,
                due_at = excluded.due_at, result = excluded.result,
                deadline_at = coalesce(step.deadline_at, excluded.deadline_at),
                error = coalesce(excluded.error, step.error)
            """;

    private static final String INSERT = MINE + ENTRY;
    private static final String RECORD = MINE + ENTRY + REPLACE;

    /** A long step shows itself on the operation, too. */
    private static final String ANNOUNCE =
            """
            with mine as (
                update durable.operation set current_step = ?, revision = revision + 1
                where id = ? and token = ? returning 1)
            """
                    + ENTRY
                    + REPLACE;

    private static final String CONSUME =
            """
            with mine as (
                select 1 from durable.operation where id = ? and token = ? for share),
            next as (
                select e.id from durable.event e, mine
                where e.operation_id = ? and e.kind = ? and e.consumed_by is null
                    and not exists (
                        select from durable.step s where s.operation_id = e.operation_id
                            and s.generation = ? and s.path = ? and s.state = 'Succeeded')
                order by e.id limit 1),
            taken as (
                update durable.event e set consumed_by = ? from next
                where e.id = next.id and e.consumed_by is null returning e.payload)
            insert into durable.step (operation_id, generation, path, kind, state, attempt,
                started_at, ended_at, result)
            select ?, ?, ?, ?, 'Succeeded', 1, ?::timestamptz, ?::timestamptz, payload from taken
            """
                    + REPLACE
                    + " returning result";

    private static final String NO_RETURN =
            """
            with mine as (
                update durable.operation set no_return = true, revision = revision + 1
                where id = ? and token = ? and cancel_requested_at is null returning 1)
            """
                    + ENTRY
                    + REPLACE;

    private static final String START_CHILD =
            MINE
                    + """
                    , child as (
                        insert into durable.operation (id, type, subject, incarnation, input, state,
                            wake_at, created_at, parent_id, parent_step)
                        select ?, ?, o.subject, o.incarnation, ?::jsonb, 'Pending', durable.at_once(),
                            ?::timestamptz, o.id, ?
                        from durable.operation o, mine where o.id = ?
                        on conflict do nothing)
                    """
                    + ENTRY
                    + REPLACE;

    private static final String CANCELLED =
            """
            select 1 from durable.operation
            where id = ? and token = ? and cancel_requested_at is not null
            """;

    private static final String PROGRESS =
            """
            with mine as (
                update durable.operation set revision = revision + 1 where id = ? and token = ?
                returning id)
            update durable.step s set progress = ?::float8, words = ? from mine
            where s.operation_id = mine.id and s.generation = ? and s.path = ?
            """;

    private static final String HEADLINE =
            """
            update durable.operation set progress = ?, words = ?, revision = revision + 1
            where id = ? and token = ?
            """;

    private final Ground ground;
    private final Picked picked;
    private final Interrupts interrupts;
    private final Map<String, StepRow> rows = new ConcurrentHashMap<>();

    Journal(Ground ground, Picked picked, Interrupts interrupts) {
        this.ground = ground;
        this.picked = picked;
        this.interrupts = interrupts;
    }

    void load() {
        if (picked.fresh()) {
            return;
        }
        String sql =
                "select "
                        + StepRow.COLUMNS
                        + " from durable.step where operation_id = ? and generation = ?";
        ground.database()
                .untilDone(
                        this::checkLost,
                        connection ->
                                Sql.list(
                                        connection,
                                        sql,
                                        StepRow::read,
                                        picked.id(),
                                        picked.generation()))
                .forEach(row -> rows.put(row.path(), row));
    }

    Optional<StepRow> find(String path) {
        return Optional.ofNullable(rows.get(path));
    }

    /** A plain insert is cheaper, and fits an entry that is neither known nor perhaps written. */
    void record(StepRow row) {
        var tries = new AtomicInteger(rows.containsKey(row.path()) ? 1 : 0);
        write(
                row.kind() + " " + row.path() + " " + row.state(),
                c -> record(c, tries.getAndIncrement() == 0 ? INSERT : RECORD, row));
        rows.put(row.path(), row);
    }

    void announce(StepRow row) {
        write("announce " + row.path(), c -> announce(c, row));
        ground.announcer().changed(picked.id());
        rows.put(row.path(), row);
    }

    /** The oldest event of the kind that nobody had, taken and journalled in one statement. */
    Optional<String> consume(String kind, StepRow row) {
        Object[] values = {
            picked.id(),
            picked.token(),
            picked.id(),
            kind,
            picked.generation(),
            row.path(),
            row.path(),
            picked.id(),
            picked.generation(),
            row.path(),
            row.kind(),
            row.startedAt(),
            ground.now()
        };
        var tries = new AtomicInteger();
        Optional<String> event =
                write(
                        "consume " + row.path(),
                        c -> {
                            tries.incrementAndGet();
                            return Sql.first(c, CONSUME, r -> r.getString(1), values);
                        });
        // The answer to an earlier try may have been lost on its way back.
        event =
                event.isEmpty() && tries.get() > 1
                        ? lookAgain(row.path())
                                .filter(found -> found.isIn(StepRow.SUCCEEDED))
                                .map(StepRow::result)
                        : event;
        event.ifPresent(
                payload ->
                        rows.put(row.path(), row.ended(StepRow.SUCCEEDED, ground.now(), payload)));
        return event;
    }

    void progress(String path, double fraction, @Nullable String words) {
        @Nullable Object[] values = {
            picked.id(), picked.token(), fraction, words, picked.generation(), path
        };
        write("progress " + path, c -> Sql.update(c, PROGRESS, values));
        ground.announcer().changed(picked.id());
    }

    void headline(double fraction, @Nullable String words) {
        write(
                "progress",
                c -> Sql.update(c, HEADLINE, fraction, words, picked.id(), picked.token()));
        ground.announcer().changed(picked.id());
    }

    /** Answers false when a cancel came first. */
    boolean passNoReturn(StepRow row) {
        @Nullable Object[] values = values(row, picked.id(), picked.token());
        boolean passed =
                write("no return " + row.path(), c -> Sql.update(c, NO_RETURN, values)) > 0;
        if (passed) {
            rows.put(row.path(), row);
        } else if (!isCancelRequested()) {
            throw new Control.Fenced(picked.id());
        }
        return passed;
    }

    boolean isCancelRequested() {
        return ground.database()
                .untilDone(
                        this::checkLost,
                        c -> Sql.first(c, CANCELLED, row -> 1, picked.id(), picked.token()))
                .isPresent();
    }

    /** The child and the entry that tells of it, in one statement. */
    void startChild(StepRow row, String childId, String type, String input, @Nullable String step) {
        @Nullable Object[] values =
                values(
                        row,
                        picked.id(),
                        picked.token(),
                        childId,
                        type,
                        input,
                        row.startedAt(),
                        step,
                        picked.id());
        write("child " + row.path(), c -> mustWrite(Sql.update(c, START_CHILD, values)));
        rows.put(row.path(), row);
    }

    /** Inserts the entry for good; a second insert of it is refused by its key. */
    void insertOnce(Connection connection, StepRow row) throws SQLException {
        if (Sql.update(connection, INSERT, values(row, picked.id(), picked.token())) == 0) {
            throw new Control.Fenced(picked.id());
        }
    }

    /** Locks the operation against a takeover until the transaction ends. */
    void lock(Connection connection) throws SQLException {
        String sql = "select 1 from durable.operation where id = ? and token = ? for share";
        if (Sql.first(connection, sql, row -> 1, picked.id(), picked.token()).isEmpty()) {
            throw new Control.Fenced(picked.id());
        }
    }

    boolean isEntered(Connection connection, String path) throws SQLException {
        String sql =
                """
                select 1 from durable.step
                where operation_id = ? and generation = ? and path = ? and state = 'Succeeded'
                """;
        return Sql.first(connection, sql, row -> 1, picked.id(), picked.generation(), path)
                .isPresent();
    }

    /** What another look at the journal shows, after a commit whose outcome is unknown. */
    Optional<StepRow> lookAgain(String path) {
        String sql =
                "select "
                        + StepRow.COLUMNS
                        + " from durable.step"
                        + " where operation_id = ? and generation = ? and path = ?";
        return ground.database()
                .untilDone(
                        this::checkLost,
                        c ->
                                Sql.first(
                                        c,
                                        sql,
                                        StepRow::read,
                                        picked.id(),
                                        picked.generation(),
                                        path));
    }

    void remember(StepRow row) {
        rows.put(row.path(), row);
    }

    /** Does the write, again and again while the catalogue is away, never for a lost run. */
    <T> T write(String what, Database.Work<T> work) {
        checkLost();
        ground.probe().before(picked.id(), what);
        checkLost();
        T result = ground.database().untilDone(this::checkLost, work);
        ground.probe().after(picked.id(), what);
        checkLost();
        return result;
    }

    void checkLost() {
        if (interrupts.isLost()) {
            throw new Control.Fenced(picked.id());
        }
    }

    private int record(Connection connection, String sql, StepRow row) throws SQLException {
        return mustWrite(Sql.update(connection, sql, values(row, picked.id(), picked.token())));
    }

    private int announce(Connection connection, StepRow row) throws SQLException {
        @Nullable Object[] values = values(row, row.path(), picked.id(), picked.token());
        return mustWrite(Sql.update(connection, ANNOUNCE, values));
    }

    private int mustWrite(int written) {
        if (written == 0) {
            throw new Control.Fenced(picked.id());
        }
        return written;
    }

    private @Nullable Object[] values(StepRow row, @Nullable Object... guard) {
        @Nullable Object[] entry = {
            picked.id(),
            picked.generation(),
            row.path(),
            row.kind(),
            row.state(),
            row.attempt(),
            row.startedAt(),
            row.endedAt(),
            row.dueAt(),
            row.deadlineAt(),
            row.result(),
            row.error()
        };
        @Nullable Object[] all = new @Nullable Object[guard.length + entry.length];
        System.arraycopy(guard, 0, all, 0, guard.length);
        System.arraycopy(entry, 0, all, guard.length, entry.length);
        return all;
    }
}
