package dev.toygres.durable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import javax.sql.DataSource;

/**
 * Tells subscribers that an operation may have changed: they look, and compare revisions. Between
 * two looks a change may be told once or twice; after a lost connection everybody is told.
 */
public final class OperationFeed implements AutoCloseable {
    private final Map<String, Set<Runnable>> subscribers = new ConcurrentHashMap<>();
    private final Ear ear;

    public OperationFeed(DataSource dataSource) {
        ear = new Ear(new Database(dataSource), Channels.CHANGE, this::tell, this::tellAll);
        ear.start();
    }

    /** Closed when the subscriber has seen enough. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Calls {@code changed} on the feed's thread, so that it must be quick. */
    public Subscription subscribe(String operationId, Runnable changed) {
        subscribers.computeIfAbsent(operationId, _ -> new CopyOnWriteArraySet<>()).add(changed);
        return () ->
                subscribers.computeIfPresent(
                        operationId,
                        (_, all) -> {
                            all.remove(changed);
                            return all.isEmpty() ? null : all;
                        });
    }

    private void tell(String operationId) {
        subscribers.getOrDefault(operationId, Set.of()).forEach(Runnable::run);
    }

    private void tellAll() {
        subscribers.values().forEach(all -> all.forEach(Runnable::run));
    }

    @Override
    public void close() {
        ear.close();
    }
}
