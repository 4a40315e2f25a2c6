package dev.toygres.durable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One journal entry, as it is read and written. */
record StepRow(
        String path,
        String kind,
        String state,
        int attempt,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Instant dueAt,
        @Nullable Instant deadlineAt,
        @Nullable String result,
        @Nullable String error) {

    static final String RUNNING = "Running";
    static final String RETRYING = "Retrying";
    static final String WAITING = "Waiting";
    static final String SUCCEEDED = "Succeeded";
    static final String FAILED = "Failed";
    static final String CANCELLED = "Cancelled";
    static final String TIMED_OUT = "TimedOut";

    /** Where the reason of an undoing is journalled; flows cannot use this mark in a name. */
    static final String UNWIND = "~unwind";

    static final String COLUMNS =
            "path, kind, state, attempt, started_at, ended_at, due_at, deadline_at, result, error";

    static StepRow running(String path, String kind, int attempt, Instant startedAt) {
        return new StepRow(path, kind, RUNNING, attempt, startedAt, null, null, null, null, null);
    }

    static StepRow read(ResultSet row) throws SQLException {
        return new StepRow(
                row.getString("path"),
                row.getString("kind"),
                row.getString("state"),
                row.getInt("attempt"),
                Objects.requireNonNull(Sql.instant(row, "started_at")),
                Sql.instant(row, "ended_at"),
                Sql.instant(row, "due_at"),
                Sql.instant(row, "deadline_at"),
                row.getString("result"),
                row.getString("error"));
    }

    boolean isIn(String other) {
        return state.equals(other);
    }

    StepRow ended(String outcome, Instant when, @Nullable String value) {
        return new StepRow(
                path, kind, outcome, attempt, startedAt, when, dueAt, deadlineAt, value, error);
    }

    StepRow failed(String outcome, Instant when, @Nullable Instant nextDue, String reason) {
        return new StepRow(
                path,
                kind,
                outcome,
                attempt,
                startedAt,
                nextDue == null ? when : null,
                nextDue,
                deadlineAt,
                null,
                reason);
    }

    StepRow waiting(@Nullable Instant until) {
        return new StepRow(
                path, kind, WAITING, attempt, startedAt, null, until, deadlineAt, null, null);
    }

    StepRow deadline(@Nullable Instant limit) {
        return new StepRow(
                path, kind, state, attempt, startedAt, endedAt, dueAt, limit, result, error);
    }

    StepRow attempt(int number) {
        return new StepRow(
                path, kind, RUNNING, number, startedAt, null, null, deadlineAt, null, null);
    }
}
