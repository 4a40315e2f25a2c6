package dev.toygres.server.operation;

import dev.toygres.durable.Operation;
import dev.toygres.durable.Operations;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Looks into the catalogue for each operation that somebody watches, however many watch it: when it
 * is nudged, and every now and then in case a nudge was lost. The steps are read only when the
 * revision has grown.
 *
 * <p>Stops before the web server does, so that watchers do not hold up a graceful shutdown.
 */
public final class PollingFeed implements OperationFeed, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PollingFeed.class);

    private final Operations operations;
    private final Nudges nudges;
    private final Duration interval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Topic> topics = new HashMap<>();
    private volatile boolean running = true;

    public PollingFeed(Operations operations, Nudges nudges, Duration interval) {
        this.operations = operations;
        this.nudges = nudges;
        this.interval = interval;
    }

    @Override
    public Watch watch(String operationId) {
        lock.lock();
        try {
            Topic topic = topics.get(operationId);
            if (topic == null) {
                topic = new Topic(operationId);
                topics.put(operationId, topic);
                Thread.ofVirtual().name("watch-" + operationId).start(topic::look);
            }
            topic.watchers++;
            return new TopicWatch(topic);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        lock.lock();
        try {
            topics.values().forEach(topic -> topic.news.signalAll());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private final class Topic {
        private final String id;
        private final Condition news = lock.newCondition();
        private int watchers;
        private @Nullable Snapshot newest;

        Topic(String id) {
            this.id = id;
        }

        /** Ends by itself when nobody watches any more. */
        void look() {
            Thread me = Thread.currentThread();
            try (Nudges.Subscription _ = nudges.subscribe(id, () -> LockSupport.unpark(me))) {
                while (isWatched()) {
                    try {
                        refresh();
                    } catch (RuntimeException e) {
                        // watchers get their heartbeats meanwhile, and the news once it is back
                        LOG.warn("cannot look at operation {}: {}", id, e.toString());
                    }
                    LockSupport.parkNanos(interval.toNanos());
                }
            }
        }

        private boolean isWatched() {
            lock.lock();
            try {
                if (watchers == 0 || !running) {
                    topics.remove(id, this);
                    news.signalAll();
                    return false;
                }
                return true;
            } finally {
                lock.unlock();
            }
        }

        private void refresh() {
            Optional<Operation> operation = operations.find(id);
            Snapshot before = newest;
            if (operation.isEmpty()
                    || (before != null
                            && before.operation().revision() >= operation.get().revision())) {
                return;
            }
            var snapshot = new Snapshot(operation.get(), operations.steps(id));
            lock.lock();
            try {
                newest = snapshot;
                news.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private final class TopicWatch implements Watch {
        private final Topic topic;
        private boolean closed;

        TopicWatch(Topic topic) {
            this.topic = topic;
        }

        @Override
        public Optional<Snapshot> next(long revision, Duration patience)
                throws InterruptedException {
            long left = patience.toNanos();
            lock.lock();
            try {
                while (running) {
                    Snapshot newest = topic.newest;
                    if (newest != null && newest.operation().revision() > revision) {
                        return Optional.of(newest);
                    }
                    if (left <= 0) {
                        return Optional.empty();
                    }
                    left = topic.news.awaitNanos(left);
                }
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean over() {
            return !running;
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    topic.watchers--;
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
