package dev.toygres.agent.routing;

import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.member.Ports;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.HostStatus.EndpointStatus;
import dev.toygres.agentapi.Order.HoldEndpoint;
import dev.toygres.agentapi.Order.OpenEndpoint;
import dev.toygres.model.InstanceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stable addresses of one instance. Whoever changes them holds the lock. */
final class Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LETTING_GO = Duration.ofSeconds(1);

    final InstanceId id;
    final ReentrantLock lock = new ReentrantLock(true);
    private final Path root;
    private final String bindAddress;
    private final Ports portsOfHost;
    private final HaProxy haProxy;
    private final PgBouncer pgBouncer;
    private volatile Optional<EndpointMemory> memory;
    private volatile boolean isHurried;
    private boolean heldByMember;

    /** While no agent was there; another host may serve it by now, which only the server knows. */
    private volatile boolean hasEnded;

    private long lastAttempt;

    Endpoint(
            InstanceId id,
            AgentHome home,
            String bindAddress,
            Ports ports,
            Tools tools,
            ServiceUser user) {
        this.id = id;
        this.bindAddress = bindAddress;
        root = home.endpoints().resolve(id.value());
        portsOfHost = ports;
        var run = home.run();
        haProxy =
                new HaProxy(
                        root.resolve("haproxy"),
                        run.resolve("haproxy-" + id + ".pid"),
                        tools,
                        user);
        pgBouncer =
                new PgBouncer(
                        root.resolve("pgbouncer"),
                        run.resolve("pgbouncer-" + id + ".pid"),
                        tools,
                        user);
        memory = EndpointMemory.readFrom(file());
        memory.ifPresent(known -> reserve(known.ports()));
    }

    private Path file() {
        return root.resolve("endpoint.json");
    }

    private void reserve(EndpointPorts ports) {
        List.of(ports.readWrite(), ports.readOnly(), ports.pooled()).forEach(portsOfHost::reserve);
    }

    EndpointPorts open(OpenEndpoint order) {
        isHurried = false;
        Durable.directory(root, "rwx--x--x");
        var next =
                new EndpointMemory(
                        id,
                        order.term(),
                        ports(order),
                        order.target(),
                        order.readers(),
                        order.readersOnly(),
                        order.poolerUser(),
                        false,
                        order.silence());
        if (memory.filter(known -> known.target().equals(order.target())).isEmpty()) {
            // Who was held for was another primary: this one answers for itself.
            heldByMember = false;
        }
        next.writeTo(file());
        memory = Optional.of(next);
        hasEnded = false;
        if (pgBouncer.write(next, order.poolerPassword(), order.certificate())
                && pgBouncer.isUp()) {
            pgBouncer.reload();
        }
        if (haProxy.isUp()) {
            route(next);
        }
        noteAgain();
        bringUp(next);
        haProxy.beat(ends(next));
        return next.ports();
    }

    /** What runs does as the memory says. */
    private void route(EndpointMemory next) {
        if (!haProxy.targets(next.target())) {
            haProxy.target(next.target());
        }
        haProxy.readers(next.readers());
        if (!next.held() && !heldByMember) {
            haProxy.release(next.readersOnly());
            pgBouncer.resume();
        }
    }

    /**
     * First nobody new gets in, then transactions of pooled clients may end; what is left of the
     * pooler's sessions after that is cut, so that this never hangs. Sessions of the read-write
     * endpoint are left to a drain; without any time they are cut as well (S13).
     *
     * @return whether there is anybody to wait for
     */
    boolean hold(HoldEndpoint order) {
        var known =
                memory.orElseThrow(
                        () -> new OrderFailed("there is no endpoint of " + id + " here"));
        var next = known.heldIn(order.term());
        next.writeTo(file());
        memory = Optional.of(next);
        if (!haProxy.isUp()) {
            return false;
        }
        haProxy.hold();
        pgBouncer.pause();
        isHurried = false;
        LOG.info("the endpoint of {} is held for term {}", id, order.term());
        return true;
    }

    /**
     * Without the lock, so that members of this host can be stopped and started meanwhile.
     *
     * @return whether all of them have ended in time
     */
    boolean awaitTransactions(HoldEndpoint order) {
        return Await.until(
                        order.timeout(),
                        () -> isHurried || pgBouncer.connectionsTo(port()).isEmpty())
                && !isHurried;
    }

    /** Somebody comes who will not wait: not for them, nor for a port. */
    void hurry() {
        isHurried = true;
    }

    /** Who is left; unless it was opened again meanwhile, for who is in then is in rightly. */
    void cut(HoldEndpoint order) {
        if (memory.filter(now -> now.held() && now.term() == order.term()).isEmpty()) {
            return;
        }
        if (order.timeout().isZero()) {
            haProxy.cutAll();
        } else {
            haProxy.cut(pgBouncer.connectionsTo(port()));
        }
    }

    private int port() {
        return memory.map(known -> known.ports().readWrite()).orElse(0);
    }

    /** Once chosen, for ever. */
    private EndpointPorts ports(OpenEndpoint order) {
        var chosen = memory.map(EndpointMemory::ports).or(order::ports);
        chosen.ifPresent(this::reserve);
        return chosen.orElseGet(
                () ->
                        new EndpointPorts(
                                bindAddress,
                                portsOfHost.free(),
                                portsOfHost.free(),
                                portsOfHost.free()));
    }

    private void bringUp(EndpointMemory known) {
        if (!haProxy.isUp()) {
            requireFree(known, known.ports().readWrite());
            requireFree(known, known.ports().readOnly());
            haProxy.start(known, ends(known));
            LOG.info("HAProxy of {} is up", id);
        }
        if (!pgBouncer.isUp() && !isTakenOver(known)) {
            requireFree(known, known.ports().pooled());
            pgBouncer.start(known);
            if (known.held()) {
                pgBouncer.pause();
            }
            LOG.info("PgBouncer of {} is up", id);
        }
    }

    /**
     * Whoever served it before us may take until the end of its silence to let go of it; unless
     * somebody comes who will not wait for that.
     */
    private void requireFree(EndpointMemory known, int port) {
        var patience = known.silence().map(LETTING_GO::plus).orElse(Duration.ZERO);
        var host = known.ports().host();
        var _ = Await.until(patience, () -> isHurried || Ports.isFree(host, port));
        if (!Ports.isFree(host, port)) {
            throw new OrderFailed(
                    "port %d of %s, which belongs to the endpoint of %s, is taken"
                            .formatted(port, host, id));
        }
    }

    /**
     * A PgBouncer that outlived its host's agent sends its clients to the same address as before,
     * where we are now: it serves them well, and we come after it. That can be where the addresses
     * were first, too, and come back to.
     */
    private static boolean isTakenOver(EndpointMemory known) {
        var ports = known.ports();
        return known.silence().isPresent() && !Ports.isFree(ports.host(), ports.pooled());
    }

    void close() {
        haProxy.stop();
        pgBouncer.stop();
        Durable.delete(root);
        memory = Optional.empty();
    }

    boolean isOpen() {
        return memory.isPresent();
    }

    void holdFor(Address member) {
        ifTargets(
                member,
                () -> {
                    heldByMember = true;
                    pgBouncer.pause();
                    haProxy.hold();
                });
    }

    void releaseFor(Address member) {
        ifTargets(
                member,
                () -> {
                    heldByMember = false;
                    memory.filter(known -> !known.held())
                            .ifPresent(
                                    known -> {
                                        haProxy.release(known.readersOnly());
                                        pgBouncer.resume();
                                    });
                });
    }

    private void ifTargets(Address member, Runnable change) {
        if (leadsTo(member) && haProxy.isUp()) {
            change.run();
        }
    }

    boolean leadsTo(Address member) {
        return memory.filter(known -> known.target().equals(member)).isPresent();
    }

    /** After the start of an agent: what runs is ours again (S13). */
    void adopt() {
        noteAgain();
        if (memory.isPresent() && haProxy.isUp()) {
            adopt(memory.get());
        } else if (memory.flatMap(EndpointMemory::silence).isPresent()) {
            hasEnded = true;
            LOG.info(
                    "the endpoint of {} has ended; it is not started before the server says so",
                    id);
        }
    }

    /** An agent may have ended between its memory and the effect. */
    private void adopt(EndpointMemory known) {
        if (known.held()) {
            haProxy.hold();
            pgBouncer.pause();
        } else {
            route(known);
        }
    }

    private void noteAgain() {
        haProxy.adopt();
        pgBouncer.adopt();
    }

    /** The supervisor's turn. */
    void tend() {
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (memory.isPresent() && !hasEnded && !isUp() && pauseIsOver()) {
                lastAttempt = System.nanoTime();
                LOG.warn("the endpoint of {} is not up, starting it", id);
                bringUp(memory.get());
            }
        } catch (RuntimeException failure) {
            LOG.warn("the endpoint of {} does not come up: {}", id, failure.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** Puts the end of HAProxy off, counted from now. */
    void beat() {
        try {
            if (memory.flatMap(EndpointMemory::silence).isPresent() && haProxy.isUp()) {
                haProxy.beat(ends(memory.get()));
            }
        } catch (RuntimeException failure) {
            LOG.warn("the endpoint of {} does not hear us: {}", id, failure.getMessage());
        }
    }

    private static Optional<Duration> ends(EndpointMemory known) {
        return known.silence().map(Uptime.now()::plus);
    }

    private boolean pauseIsOver() {
        return lastAttempt == 0 || System.nanoTime() - lastAttempt > PAUSE.toNanos();
    }

    private boolean isUp() {
        return haProxy.isUp() && pgBouncer.isUp();
    }

    Optional<EndpointStatus> status() {
        return memory.map(
                known ->
                        new EndpointStatus(
                                id.value(),
                                known.term(),
                                known.ports(),
                                known.target(),
                                isUp(),
                                known.held(),
                                hasEnded,
                                known.readersOnly()));
    }
}
