package dev.toygres.durable;

import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/** The door to the operations, for those who start and watch them. Any process may use it. */
public interface Operations {

    /**
     * Records the wish on the caller's connection; it is carried out once the caller commits, by
     * any engine on the database. A second start with the same id and type is the same wish.
     *
     * @throws LaneTaken when another unfinished operation holds the lane
     */
    <I> void start(Connection connection, StartRequest<I> request);

    Optional<Operation> find(String id);

    /** Newest first. {@code before} is an operation id to page on from. */
    List<Operation> list(
            Optional<String> subject,
            Optional<String> type,
            Optional<OperationState> state,
            int limit,
            Optional<String> before);

    /** Oldest first. */
    List<StepRecord> steps(String id);

    /** Leaves an event for the operation and wakes it. */
    void signal(String id, String event, Object payload);

    /** Asks it to stop and undo; answers false when it is over or past its point of no return. */
    boolean cancel(String id);

    /**
     * Takes a failed operation up again at the step that failed; answers false when it is not
     * failed.
     *
     * @throws LaneTaken when another operation holds its lane by now
     * @throws SubjectReplaced when what it was about is gone, whoever bears its name now
     */
    boolean retry(String id);

    /** Answers a question; false when none is open. */
    boolean decide(String id, Object decision);

    /**
     * Gives an operation that was started without a lane the lane, on the caller's connection;
     * answers false, and leaves the transaction usable, while another unfinished one holds it.
     *
     * @throws SubjectReplaced when what it was about is gone, whoever bears its name now
     */
    boolean takeLane(Connection connection, String id, String lane);

    /** Unfinished operation that holds the lane, if any. */
    Optional<String> holder(String lane);
}
