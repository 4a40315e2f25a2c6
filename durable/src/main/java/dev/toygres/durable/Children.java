package dev.toygres.durable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations that an operation starts. */
final class Children {
    private static final String LOOK =
            "select state, result, error ->> 'message' as error from durable.operation where id = ?";

    private final Run run;
    private final Ground ground;
    private final Journal journal;
    private final boolean masked;

    Children(Run run, boolean masked) {
        this.run = run;
        this.ground = run.ground();
        this.journal = run.journal();
        this.masked = masked;
    }

    /** How a child stands. */
    private record Standing(OperationState state, @Nullable String result, @Nullable String error) {
        static Standing read(ResultSet row) throws SQLException {
            return new Standing(
                    OperationState.valueOf(row.getString("state")),
                    row.getString("result"),
                    row.getString("error"));
        }
    }

    /** Answers the child's result as JSON. */
    @Nullable String await(String path, FlowType<?, ?> type, String input) {
        StepRow row = started(path, "Child", type, input, path);
        if (row.isIn(StepRow.SUCCEEDED)) {
            return row.result();
        }
        if (row.isIn(StepRow.FAILED)) {
            throw Attempts.failure(row, null);
        }
        Standing child = look(path);
        if (!child.state().isFinal()) {
            cancelIfCancelled(path);
            throw run.park(new Wait(row, null));
        }
        return conclude(row, child);
    }

    String detach(String path, FlowType<?, ?> type, String input) {
        started(path, "Detached", type, input, null);
        return childId(path);
    }

    private StepRow started(
            String path,
            String kind,
            FlowType<?, ?> type,
            String input,
            @Nullable String waitingStep) {
        Optional<StepRow> known = journal.find(path);
        if (known.isPresent()) {
            return known.get();
        }
        run.checkpoint(masked);
        Instant now = ground.now();
        StepRow row = StepRow.running(path, kind, 1, now).waiting(null);
        StepRow entry = waitingStep == null ? row.ended(StepRow.SUCCEEDED, now, null) : row;
        journal.startChild(entry, childId(path), type.name(), input, waitingStep);
        ground.announcer().wakeOthers();
        return entry;
    }

    private Standing look(String path) {
        return ground.database()
                .untilDone(
                        journal::checkLost, c -> Sql.first(c, LOOK, Standing::read, childId(path)))
                .orElseThrow();
    }

    /** A child is told; its end is waited for, since it has things of its own to undo. */
    private void cancelIfCancelled(String path) {
        if (run.isCancelled() && !masked) {
            Instant now = ground.now();
            journal.write(
                    "cancel child " + path, c -> CatalogueOperations.cancel(c, childId(path), now));
        } else {
            run.checkpoint(masked);
        }
    }

    private @Nullable String conclude(StepRow row, Standing child) {
        Instant now = ground.now();
        if (child.state() == OperationState.Succeeded) {
            journal.record(row.ended(StepRow.SUCCEEDED, now, child.result()));
            return child.result();
        }
        String why = "child " + childId(row.path()) + " ended as " + child.state();
        StepRow failed =
                row.failed(
                        StepRow.FAILED,
                        now,
                        null,
                        child.error() == null ? why : why + ": " + child.error());
        journal.record(failed);
        run.checkpoint(masked);
        throw Attempts.failure(failed, null);
    }

    private String childId(String path) {
        return ChildId.of(run.id(), run.picked().generation(), path);
    }
}
