package dev.toygres.agent;

/**
 * Where a test may end the agent, between two effects of an order; in production nothing happens.
 */
@FunctionalInterface
public interface CrashPoint {
    CrashPoint NONE = _ -> {};

    void reached(String name);
}
