package dev.toygres.client;

import static dev.toygres.api.OperationState.NeedsDecision;

import dev.toygres.api.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Follows one operation until it rests.
 *
 * <p>News comes by event stream; whether it comes or not, the operation is also asked for at
 * intervals. So a stream that is missing, broken or silently dead costs promptness, never the end;
 * and a server that is away is waited for, until the time is up.
 */
final class OperationWatch {
    private static final Duration QUICK_POLL = Duration.ofMillis(200);
    private static final Duration SLOW_POLL = Duration.ofSeconds(3);

    private final ToygresClient client;
    private final Transport transport;
    private final String id;
    private final BlockingQueue<Operation> news = new LinkedBlockingQueue<>();
    private volatile boolean streaming;

    OperationWatch(ToygresClient client, Transport transport, String id) {
        this.client = client;
        this.transport = transport;
        this.id = id;
    }

    /**
     * @param seen called with each change, in order, on this thread
     */
    Operation follow(Operation known, Duration timeout, Consumer<Operation> seen) {
        long end = System.nanoTime() + timeout.toNanos();
        var last = known;
        seen.accept(last);
        try (var stream = new Stream()) {
            while (!rests(last)) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new ToygresException.TimedOut(last, timeout);
                }
                var next = next(last, Math.min(left, stream.pollInterval().toNanos()));
                if (!next.equals(last)) {
                    last = next;
                    seen.accept(last);
                }
                stream.keepOpen(last);
            }
        }
        return last;
    }

    /** A server that does not answer is no news of the operation, which goes on without us. */
    private Operation next(Operation last, long nanos) {
        try {
            var told = news.poll(nanos, TimeUnit.NANOSECONDS);
            return told == null ? client.getOperation(id) : told;
        } catch (ToygresException.Unavailable | ToygresException.ServerFault e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return last;
        } catch (InterruptedException e) {
            throw Transport.interrupted(e);
        }
    }

    private static boolean rests(Operation operation) {
        return operation.state().isFinal() || operation.state() == NeedsDecision;
    }

    /** The reader of the event stream, which is opened again whenever it ended. */
    private final class Stream implements AutoCloseable {
        private final Call call = Call.get("/api/v1/operations/" + Call.segment(id) + "/events");
        private volatile boolean closed;
        private volatile boolean refused;
        private Thread reader = start();

        Duration pollInterval() {
            return streaming ? SLOW_POLL : QUICK_POLL;
        }

        void keepOpen(Operation last) {
            if (!reader.isAlive() && !refused && !rests(last)) {
                reader = start();
            }
        }

        private Thread start() {
            return Thread.ofVirtual().name("events-" + id).start(this::read);
        }

        private void read() {
            try (InputStream stream = transport.open(call);
                    var events = new Events(stream)) {
                streaming = true;
                for (var event = events.next();
                        !closed && event.isPresent();
                        event = events.next()) {
                    news.add(event.get());
                }
            } catch (ToygresException e) {
                // The server does not offer events to us; asking at intervals does as well.
                refused = true;
            } catch (IOException e) {
                // The connection broke: the next turn of the loop asks, then opens a new one.
            } finally {
                streaming = false;
            }
        }

        @Override
        public void close() {
            closed = true;
            reader.interrupt();
        }
    }
}
