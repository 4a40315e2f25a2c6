package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Agent;
import dev.toygres.agentapi.AgentUnreachable;
import dev.toygres.agentapi.HttpAgent;
import dev.toygres.orchestrations.Agents;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostStore;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** Agents over HTTP, at the addresses that the catalogue has for them. */
public final class HttpAgents implements Agents, AutoCloseable {
    private final Catalogue catalogue;
    private final SSLContext tls;
    private final ConcurrentHashMap<Address, HttpAgent> byAddress = new ConcurrentHashMap<>();

    public HttpAgents(Catalogue catalogue, Installation installation) {
        this.catalogue = catalogue;
        this.tls = installation.toAgents();
    }

    @Override
    public Agent of(String hostId) {
        HostStore.AgentAt at =
                catalogue
                        .jdbi()
                        .withHandle(handle -> HostStore.agent(handle, hostId))
                        .orElseThrow(
                                () ->
                                        new AgentUnreachable(
                                                "no host " + hostId + " has joined",
                                                new IllegalStateException(hostId)));
        return byAddress.computeIfAbsent(
                new Address(at.host(), at.port()), address -> new HttpAgent(address, tls));
    }

    @Override
    public void close() {
        byAddress.values().forEach(HttpAgent::close);
    }
}
