package dev.toygres.durable;

/**
 * How to undo something that takes more than one step, or that changes the catalogue. Its steps and
 * transactions are journalled under a scope of their own, with cancel masked; what it decides on is
 * a step like in any flow.
 */
@FunctionalInterface
public interface Compensation {
    void run(Context undo);
}
