package dev.toygres.orchestrations.host;

import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import dev.toygres.store.HealthStore.Watcher;
import dev.toygres.store.HostStore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server may work. One that the network keeps from hosts which another server hears
 * takes the living for dead: it would fail orders, withhold leases and stand in the way of whoever
 * could do better. So the servers say in the catalogue how many hosts each hears, and who has heard
 * fewer than another for a while stands back: it watches nothing, renews no lease, runs no
 * operation and answers no call, until it hears as many again or the other one is gone. A host that
 * is dead is heard by nobody, and makes no difference.
 */
public final class Standing {
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

    /** Process and machine. */
    private static final String NAME = ManagementFactory.getRuntimeMXBean().getName();

    /** Three turns, and a pause of the machine. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    /** Longer than two servers are apart in learning that a host has died. */
    static final Duration BEHIND = Duration.ofSeconds(5);

    private final String server = UUID.randomUUID().toString();
    private final Catalogue catalogue;
    private final Observations seen;
    private final InstantSource clock;

    private Optional<Instant> behindSince = Optional.empty();
    private volatile Optional<String> reason = Optional.empty();

    public Standing(Catalogue catalogue, Observations seen, InstantSource clock) {
        this.catalogue = catalogue;
        this.seen = seen;
        this.clock = clock;
    }

    /** The name under which this server watches. */
    public String server() {
        return server;
    }

    /** Whether it may work. */
    public boolean isFit() {
        return reason.isEmpty();
    }

    /** Why it stands back; empty when it does not. */
    public Optional<String> reason() {
        return reason;
    }

    /** Does it while this server is fit. */
    public Runnable whileFit(Runnable work) {
        return () -> {
            if (isFit()) {
                work.run();
            }
        };
    }

    /** Once a second: says what this server hears, and looks at what others do. */
    public synchronized void look() {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            int heard = seen.heard(HostStore.ids(handle));
                            int most =
                                    HealthStore.watchers(handle).stream()
                                            .filter(one -> !one.id().equals(server))
                                            .mapToInt(Watcher::hostsHeard)
                                            .max()
                                            .orElse(0);
                            compare(heard, most);
                            HealthStore.renew(
                                    handle, new Watcher(server, NAME, heard, !isFit()), LEASE);
                        });
    }

    private void compare(int heard, int most) {
        if (heard >= most) {
            behindSince = Optional.empty();
        } else if (behindSince.isEmpty()) {
            behindSince = Optional.of(clock.instant());
        }
        Optional<String> now =
                behindSince
                        .filter(since -> !since.plus(BEHIND).isAfter(clock.instant()))
                        .map(_ -> words(heard, most));
        if (now.isPresent() != reason.isPresent()) {
            LOG.warn(
                    now.map("this server stands back: "::concat)
                            .orElse(
                                    "this server hears as many hosts as any other: it works again"));
        }
        reason = now;
    }

    private static String words(int heard, int most) {
        return "it hears %d %s, and another server %d"
                .formatted(heard, heard == 1 ? "host" : "hosts", most);
    }

    /** Says goodbye: others need not wait for the end of its lease. */
    public void resign() {
        catalogue.jdbi().useHandle(handle -> HealthStore.resign(handle, server));
    }
}
