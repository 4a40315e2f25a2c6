package dev.toygres.durable;

/** What a step does; may throw anything, and the step's policy says what happens then. */
@FunctionalInterface
public interface StepBody<R> {
    R run(Attempt attempt) throws Exception;
}
