package dev.toygres.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The three ways in which a run lets go of its operation: it ends, parks, or starts anew. */
final class Endings {
    /** The end of a child is a knock at its parent, in the same transaction. */
    private static final String END =
            """
            with ended as (
                update durable.operation set state = ?, result = ?::jsonb, error = ?::jsonb,
                    failed_steps = ?, completed_at = ?::timestamptz, owner = null, wake_at = null,
                    question = null, question_path = null,
                    progress = case when ? then 1 else coalesce(?::float8, progress) end,
                    words = case when ? or ? then ? else words end,
                    current_step = case when ? then null else current_step end,
                    revision = revision + 1
                where id = ? and token = ? and completed_at is null
                    and (cancel_requested_at is null or no_return or ?)
                returning parent_id, parent_step),
            knocked as (
                update durable.operation p set knocks = knocks + 1,
                    wake_at = case when owner is null then durable.at_once() else wake_at end
                from ended where p.id = ended.parent_id and ended.parent_step is not null
                    and p.completed_at is null
                returning p.id)
            select (select count(*) from knocked) as knocked from ended
            """;

    private static final String STANDING =
            """
            select completed_at is not null as over, cancel_requested_at is not null as cancelled
            from durable.operation where id = ? and token = ?
            """;

    /** A knock since the pick means another look at once; the count is on the locked row itself. */
    private static final String PARK =
            """
            with parked as (
                update durable.operation set owner = null,
                    state = case when knocks > ? then 'Waiting' else ? end,
                    wake_at = case when knocks > ? or ? then durable.at_once()
                        else ?::timestamptz end,
                    question = case when knocks > ? then null else ?::jsonb end,
                    question_path = case when knocks > ? then null else ? end,
                    current_step = coalesce(?, current_step),
                    progress = coalesce(?::float8, progress),
                    words = case when ? then ? else words end,
                    revision = revision + 1
                where id = ? and token = ? and completed_at is null
                returning id, generation, knocks > ? or ? as again),
            waits as (
                insert into durable.step (operation_id, generation, path, kind, state, attempt,
                    started_at, due_at)
                select parked.id, parked.generation, w.path, w.kind, 'Waiting', w.attempt,
                    w.started_at, w.due_at
                from parked, jsonb_to_recordset(?::jsonb) as w(path text, kind text, attempt int,
                    started_at timestamptz, due_at timestamptz)
                on conflict do nothing)
            select again from parked
            """;

    private static final String RESTART =
            """
            with anew as (
                update durable.operation set generation = generation + 1, input = ?::jsonb,
                    state = 'Pending', owner = null, wake_at = durable.at_once(),
                    no_return = false, progress = 0, current_step = null, words = null,
                    revision = revision + 1
                where id = ? and token = ? and generation = ? and completed_at is null
                returning id, generation)
            delete from durable.step s using anew
            where s.operation_id = anew.id and s.generation < anew.generation - 2
            """;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Run run;
    private final Ground ground;

    Endings(Run run) {
        this.run = run;
        this.ground = run.ground();
    }

    /** How an attempt to end came out. */
    enum End {
        /** The operation is over. */
        Over,
        /** A cancel was accepted first, so it has to be honoured. */
        CancelFirst
    }

    End succeed(String result) {
        return end(OperationState.Succeeded, result, null, List.of(), false);
    }

    End fail(OperationState state, String fault, List<String> failedSteps) {
        return end(state, null, fault, failedSteps, true);
    }

    private End end(
            OperationState state,
            @Nullable String result,
            @Nullable String fault,
            List<String> failedSteps,
            boolean cancelSettled) {
        RunningAttempt.News news = run.takeHeadline();
        boolean succeeded = state == OperationState.Succeeded;
        @Nullable Object[] values = {
            state.name(),
            result,
            fault,
            failedSteps.toArray(String[]::new),
            ground.now(),
            succeeded,
            news == null ? null : (Object) news.fraction(),
            succeeded,
            news != null,
            succeeded || news == null ? null : news.words(),
            succeeded,
            run.id(),
            run.token(),
            cancelSettled
        };
        return run.journal().write("end " + state, connection -> end(connection, values));
    }

    private End end(Connection connection, @Nullable Object[] values) throws SQLException {
        var knocked = Sql.first(connection, END, row -> row.getInt(1), values);
        if (knocked.isEmpty()) {
            return standing(connection);
        }
        ground.announcer().changed(run.id());
        if (knocked.get() > 0) {
            ground.announcer().wakeOthers();
        }
        return End.Over;
    }

    private End standing(Connection connection) throws SQLException {
        var standing =
                Sql.first(
                        connection,
                        STANDING,
                        row -> row.getBoolean("over") || !row.getBoolean("cancelled"),
                        run.id(),
                        run.token());
        if (standing.isEmpty()) {
            throw new Control.Fenced(run.id());
        }
        return standing.get() ? End.Over : End.CancelFirst;
    }

    /** Answers whether there is something to do for it at once. */
    boolean park() {
        List<Wait> waits = run.waits();
        Wait asking = waits.stream().filter(w -> w.question() != null).findFirst().orElse(null);
        RunningAttempt.News news = run.takeHeadline();
        long seen = run.picked().knocks();
        boolean atOnce = run.isLettingGo();
        @Nullable Object[] values = {
            seen,
            asking == null ? "Waiting" : "NeedsDecision",
            seen,
            atOnce,
            earliest(waits),
            seen,
            asking == null ? null : asking.question(),
            seen,
            asking == null ? null : asking.row().path(),
            waits.isEmpty() ? null : waits.getFirst().row().path(),
            news == null ? null : (Object) news.fraction(),
            news != null,
            news == null ? null : news.words(),
            run.id(),
            run.token(),
            seen,
            atOnce,
            MAPPER.writeValueAsString(waits.stream().map(Entry::of).toList())
        };
        boolean again =
                run.journal()
                        .write("park", c -> Sql.first(c, PARK, row -> row.getBoolean(1), values))
                        .orElse(false);
        ground.announcer().changed(run.id());
        return again;
    }

    /** A waiting step as the statement reads it. */
    record Entry(
            String path, String kind, int attempt, String started_at, @Nullable String due_at) {
        static Entry of(Wait wait) {
            StepRow row = wait.row();
            Instant due = row.dueAt();
            return new Entry(
                    row.path(),
                    row.kind(),
                    row.attempt(),
                    row.startedAt().toString(),
                    due == null ? null : due.toString());
        }
    }

    private static @Nullable Instant earliest(List<Wait> waits) {
        return waits.stream()
                .map(Wait::due)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    void restart(String input) {
        run.journal()
                .write(
                        "continue as new",
                        c ->
                                Sql.update(
                                        c,
                                        RESTART,
                                        input,
                                        run.id(),
                                        run.token(),
                                        run.picked().generation()));
        ground.announcer().changed(run.id());
    }
}
