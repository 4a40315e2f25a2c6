package dev.toygres.agent.routing;

import dev.toygres.agent.files.AgentHome;
import dev.toygres.agent.member.Gate;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.member.Ports;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.HostStatus.EndpointStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult;
import dev.toygres.model.InstanceId;
import dev.toygres.model.Name;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All endpoints of this host, and the orders to them. */
public final class Endpoints implements Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

    private final Map<InstanceId, Endpoint> all = new ConcurrentHashMap<>();
    private final AgentHome home;
    private final String bindAddress;
    private final Ports ports;
    private final Tools tools;
    private final ServiceUser user;

    public Endpoints(
            AgentHome home, String bindAddress, Ports ports, Tools tools, ServiceUser user) {
        this.home = home;
        this.bindAddress = bindAddress;
        this.ports = ports;
        this.tools = tools;
        this.user = user;
        find();
    }

    private void find() {
        try (var directories = Files.newDirectoryStream(home.endpoints())) {
            for (var directory : directories) {
                var name = directory.getFileName().toString();
                if (Name.fault(name).isEmpty()) {
                    endpoint(new InstanceId(name));
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private Endpoint endpoint(InstanceId id) {
        return all.computeIfAbsent(
                id, _ -> new Endpoint(id, home, bindAddress, ports, tools, user));
    }

    public OrderResult open(Order.OpenEndpoint order) {
        return locked(order.instanceId(), one -> new OrderResult.EndpointUp(one.open(order)));
    }

    public OrderResult close(Order.CloseEndpoint order) {
        return locked(
                order.instanceId(),
                one -> {
                    one.close();
                    all.remove(one.id);
                    return new OrderResult.Done();
                });
    }

    /** The wait for clients, which may be long, keeps nobody from the endpoint. */
    public OrderResult hold(Order.HoldEndpoint order) {
        var isHeld = locked(order.instanceId(), one -> one.hold(order));
        if (isHeld && isSomebodyLeft(order)) {
            return locked(
                    order.instanceId(),
                    one -> {
                        one.cut(order);
                        return new OrderResult.Done();
                    });
        }
        return new OrderResult.Done();
    }

    private boolean isSomebodyLeft(Order.HoldEndpoint order) {
        return !endpoint(order.instanceId()).awaitTransactions(order) || order.timeout().isZero();
    }

    /** Before the lane: whoever comes next need not wait until a hold has lost its patience. */
    public void overtake(InstanceId id) {
        endpoint(id).hurry();
    }

    private <T> T locked(InstanceId id, Function<Endpoint, T> work) {
        var endpoint = endpoint(id);
        endpoint.lock.lock();
        try {
            return work.apply(endpoint);
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    public void hold(Address member) {
        each(endpointsOf(member), endpoint -> endpoint.holdFor(member));
    }

    @Override
    public void release(Address member) {
        each(endpointsOf(member), endpoint -> endpoint.releaseFor(member));
    }

    /** Nobody waits for the others, which may wait for a port. */
    private List<Endpoint> endpointsOf(Address member) {
        return all.values().stream().filter(one -> one.leadsTo(member)).toList();
    }

    /** A HAProxy that does not obey must not keep a Postgres from being stopped or started. */
    private static void each(Collection<Endpoint> endpoints, Consumer<Endpoint> change) {
        for (var endpoint : endpoints) {
            endpoint.lock.lock();
            try {
                change.accept(endpoint);
            } catch (OrderFailed failure) {
                LOG.warn("endpoint of {}: {}", endpoint.id, failure.getMessage());
            } finally {
                endpoint.lock.unlock();
            }
        }
    }

    /** After the start of an agent. */
    public void adopt() {
        each(all.values(), Endpoint::adopt);
    }

    /** One turn of the supervisor. */
    public void tend(Executor executor) {
        all.values().forEach(endpoint -> executor.execute(endpoint::tend));
    }

    /** Tells those that end by our silence that we are here. */
    public void beat(Executor executor) {
        all.values().forEach(endpoint -> executor.execute(endpoint::beat));
    }

    public List<EndpointStatus> status() {
        return all.values().stream().map(Endpoint::status).flatMap(Optional::stream).toList();
    }
}
