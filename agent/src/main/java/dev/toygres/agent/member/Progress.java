package dev.toygres.agent.member;

/** Where an order says how far it is. */
@FunctionalInterface
public interface Progress {
    /**
     * @param part from 0 to 1
     */
    void report(double part, String words);
}
