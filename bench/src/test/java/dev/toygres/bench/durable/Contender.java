package dev.toygres.bench.durable;

import java.time.Duration;

/** An engine that can be measured. */
interface Contender extends AutoCloseable {
    String name();

    /** One orchestration of so many steps; returns when it is over. */
    void steps(String id, int count);

    /** Starts an orchestration of one step that runs the body. */
    void oneStep(String id, Runnable body);

    /** Starts one that sleeps. */
    void sleeper(String id, Duration duration);

    /** How many of those sleep, by the database: a query. */
    String sleeping();

    /** Starts one that waits so many times for an event and runs the body after each. */
    void listener(String id, int events, Runnable body);

    void signal(String id);

    @Override
    void close();
}
