package dev.toygres.server.fakes;

import dev.toygres.agentapi.Address;
import dev.toygres.model.Refused;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.host.Hosts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A desk for hosts with one good ticket. */
public final class FakeHosts implements Hosts {
    public static final String TICKET = "ticket-that-is-good";

    private final List<HostView> hosts = new ArrayList<>();

    @Override
    public Ticket ticket() {
        return new Ticket(new Secret(TICKET), Instant.parse("2026-11-01T11:00:00Z"));
    }

    @Override
    public synchronized Joined join(
            Secret ticket,
            String hostId,
            String region,
            String availabilityZone,
            Address address,
            String certificateRequest) {
        if (!ticket.reveal().equals(TICKET)) {
            throw new Refused(
                    Refused.Kind.Mistake, "invalid-join-token", "this join token is not good");
        }
        hosts.add(
                new HostView(
                        hostId,
                        region,
                        availabilityZone,
                        address,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of()));
        return new Joined("certificate", "authority");
    }

    @Override
    public synchronized List<HostView> list() {
        return List.copyOf(hosts);
    }

    @Override
    public synchronized void forget(String hostId, boolean force) {
        if (!hosts.removeIf(host -> host.id().equals(hostId))) {
            throw Refused.notFound("host", hostId);
        }
    }
}
