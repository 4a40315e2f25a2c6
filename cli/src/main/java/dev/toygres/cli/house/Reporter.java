package dev.toygres.cli.house;

/** Told what is being done, as it is done. */
@FunctionalInterface
public interface Reporter {
    void step(String words);
}
