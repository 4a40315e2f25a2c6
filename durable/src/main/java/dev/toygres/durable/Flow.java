package dev.toygres.durable;

/**
 * An orchestration as code: plain Java that runs from the top on every resume. All that touches the
 * world, the clock or the catalogue goes through the {@link Context}; a step that has a journalled
 * result returns it instead of running.
 *
 * @param <I> a small record, without secrets, that Jackson can write and read
 * @param <O> likewise
 */
@FunctionalInterface
public interface Flow<I, O> {
    O run(Context context, I input);
}
