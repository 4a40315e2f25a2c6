package dev.toygres.durable.testing;

import dev.toygres.durable.Engine;
import java.util.Map;

/** One performance of a flow, from its start to its end, on a stage of its own. */
public interface Scene extends AutoCloseable {

    /** How a process would build its engine; asked again after a crash. */
    Engine.Builder engine();

    /** Starts the operation. */
    void begin();

    /**
     * Called whenever nothing is due: sends an event, decides, moves the clock. It looks at where
     * the operation stands, so that it does the right thing after a crash, too.
     *
     * @return false when all is over
     */
    boolean next();

    /** What must be the same whatever was lost on the way; compared with {@code equals}. */
    Object outcome();

    /** How often each step took effect on the world, by name. */
    Map<String, Integer> effects();

    @Override
    void close();
}
