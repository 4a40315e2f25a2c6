package dev.toygres.orchestrations.health;

import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears every host: one request after the other to each agent, which answers when something
 * happened and at the latest after a second. So a death is known within milliseconds (D10), hosts
 * do not wait for each other, and checks never pile up.
 *
 * <p>Who listens has to be well, too: a server that is frozen or has more to do than it can takes
 * its own lateness for the silence of others, and would begin failovers when it can least afford
 * them. So it watches its own pulse (Dadgar, Phillips, Currey: Lifeguard, 2018).
 */
public final class HostPulse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostPulse.class);
    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final Duration BEAT = Duration.ofMillis(100);

    /** Half of what an agent has for its answer. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final Catalogue catalogue;
    private final Agents agents;
    private final HostWatch watch;
    private final Consumer<String> news;
    private final Map<String, Thread> byHost = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param news gets the id of each host that was heard, or was not
     */
    public HostPulse(Catalogue catalogue, Agents agents, HostWatch watch, Consumer<String> news) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.watch = watch;
        this.news = news;
        // A virtual one, as those that listen: it waits for its turn as they do.
        Thread.ofVirtual().name("own-pulse").start(this::feelOwn);
    }

    private void feelOwn() {
        while (!closed) {
            long began = System.nanoTime();
            LockSupport.parkNanos(BEAT.toNanos());
            Duration by = Duration.ofNanos(System.nanoTime() - began).minus(BEAT);
            if (by.compareTo(LATE) > 0 && !closed) {
                watch.late(by);
            }
        }
    }

    /** Listens to the hosts that there are now. */
    public void look() {
        Set<String> hosts =
                catalogue.jdbi().withHandle(HostStore::list).stream()
                        .map(HostRow::id)
                        .collect(Collectors.toSet());
        byHost.entrySet()
                .removeIf(
                        entry -> {
                            boolean gone = !hosts.contains(entry.getKey());
                            if (gone) {
                                entry.getValue().interrupt();
                            }
                            return gone;
                        });
        for (String id : hosts) {
            if (!closed) {
                byHost.computeIfAbsent(
                        id, _ -> Thread.ofVirtual().name("pulse-" + id).start(() -> listen(id)));
            }
        }
    }

    private void listen(String hostId) {
        long pulse = -1;
        while (!closed && !Thread.currentThread().isInterrupted()) {
            try {
                pulse = hear(hostId, pulse);
            } catch (RuntimeException fault) {
                if (closed) {
                    return;
                }
                // Also when the catalogue is away: the next turn comes.
                LOG.debug("host {} is not heard: {}", hostId, fault.getMessage());
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private long hear(String hostId, long pulse) {
        HostRow host =
                catalogue.jdbi().withHandle(handle -> HostStore.find(handle, hostId)).orElseThrow();
        Duration wait = pulse < 0 ? Duration.ZERO : ROUND;
        long asked = System.nanoTime();
        try {
            HostStatus status = agents.of(hostId).statusAfter(pulse, wait);
            watch.heard(host, status);
            news.accept(hostId);
            return status.pulse();
        } catch (AgentUnreachable | AgentRefusal away) {
            // A silent network says so only after a patience, which is a part of the silence.
            Duration owed = Duration.ofNanos(System.nanoTime() - asked).minus(wait);
            watch.lost(
                    host,
                    owed.isNegative() ? Duration.ZERO : owed,
                    String.valueOf(away.getMessage()));
            news.accept(hostId);
            LockSupport.parkNanos(AGAIN.toNanos());
            return -1;
        }
    }

    @Override
    public void close() {
        closed = true;
        byHost.values().forEach(Thread::interrupt);
    }
}
