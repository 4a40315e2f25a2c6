package dev.toygres.durable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link Flow} can do. Every name is unique within its run and scope: a step is found by its
 * name, not by its position, so a release may add, drop or reorder steps while work is in flight. A
 * loop puts its index in the name.
 */
public interface Context {

    /** The id of this operation; never reused. */
    String operationId();

    /** The fencing token of this pick-up: grows with every takeover, travels with every order. */
    long token();

    /** The time, journalled under this name: the same on every resume. */
    Instant now(String name);

    /**
     * Runs the body at least once and journals its result. The body asks first whether the world is
     * already as wished.
     *
     * @throws StepFailed when the attempts are used up or the error is not to be retried
     */
    <R> R step(String name, StepOptions options, Class<R> type, StepBody<R> body);

    /** As {@link #step(String, StepOptions, Class, StepBody)}, without a result. */
    void step(String name, StepOptions options, StepAction action);

    /** A catalogue change and its journal entry in one transaction: exactly once. */
    <R> R transact(String name, Class<R> type, TransactionBody<R> body);

    /** As {@link #transact(String, Class, TransactionBody)}, without a result. */
    void transact(String name, TransactionAction action);

    /** A durable timer: costs no memory and no thread while it runs. */
    void sleep(String name, Duration duration);

    /**
     * Waits for an event of this kind; empty when the timeout came first. Which of the two it was
     * is decided once. A late event stays for the next wait of its kind.
     */
    <E> Optional<E> awaitEvent(String name, String event, Class<E> type, Duration timeout);

    /** Starts a child in the same transaction as the journal entry, and waits for its result. */
    <I, O> O child(String name, FlowType<I, O> type, I input);

    /** Starts an operation that outlives this one; answers its id. */
    <I> String startDetached(String name, FlowType<I, ?> type, I input);

    /** Runs the branches side by side, each in a scope of its own name; results in their order. */
    <R> List<R> parallel(String name, List<Branch<R>> branches);

    /**
     * What is going on, for whoever watches: a fraction from 0 to 1, and a few words. They are of
     * the next step (child, wait), and go with it.
     */
    void progress(double fraction, String words);

    /**
     * Registers how to undo what was done so far. Undo actions run last registered first, as
     * journalled steps with cancel masked, when the flow is cancelled or fails before its point of
     * no return. One that is exhausted leaves the operation in NeedsDecision.
     */
    void onUndo(String name, StepOptions options, StepAction action);

    /**
     * As {@link #onUndo(String, StepOptions, StepAction)}, with steps of its own. An undo that
     * writes to the catalogue does so in a {@link #transact} of it: a server that was only slow
     * writes nothing there. Tried again after a failure, it starts from its beginning.
     */
    void onUndo(String name, Compensation body);

    /** From here only forward: later cancels are refused, registered undo actions are forgotten. */
    void pointOfNoReturn(String name);

    /**
     * Puts the operation into NeedsDecision, shows the question, and waits for a decision.
     *
     * @param question a small record that tells what has to be decided and what is at risk
     */
    <D> D decision(String name, Object question, Class<D> type);

    /** Ends this run and starts the next generation with a fresh history: {@code throw} it. */
    RuntimeException continueAsNew(Object input);
}
