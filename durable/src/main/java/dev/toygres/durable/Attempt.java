package dev.toygres.durable;

/** One try of a step. */
public interface Attempt {
    /** 1 for the first. */
    int number();

    /** The fencing token of the run: travels with every order to the outside. */
    long token();

    /** The same for every attempt of this step and for no other step: the key of an outside job. */
    String jobKey();

    /** Shows how far a long step is; cheap to call often. */
    void progress(double fraction, String words);
}
