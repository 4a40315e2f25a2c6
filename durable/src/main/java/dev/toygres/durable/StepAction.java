package dev.toygres.durable;

/** A step without a result. */
@FunctionalInterface
public interface StepAction {
    void run(Attempt attempt) throws Exception;
}
