package dev.toygres.server.operation;

import dev.toygres.durable.Operation;
import dev.toygres.durable.StepRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells watchers what becomes of an operation. */
public interface OperationFeed {

    /** Begins to watch; close it, or the looking goes on for nobody. */
    Watch watch(String operationId);

    /** One watcher's view. */
    interface Watch extends AutoCloseable {

        /**
         * The newest there is beyond {@code revision}, as soon as there is something.
         *
         * @return empty when nothing came in time
         */
        Optional<Snapshot> next(long revision, Duration patience) throws InterruptedException;

        /** Whether the server is going down: there will be no more. */
        boolean over();

        @Override
        void close();
    }

    /** An operation with its steps, as they were at one moment. */
    record Snapshot(Operation operation, List<StepRecord> steps) {}
}
