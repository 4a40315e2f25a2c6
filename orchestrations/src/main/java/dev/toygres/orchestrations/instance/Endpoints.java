package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Certificate;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.OrderResult.EndpointUp;
import dev.toygres.durable.Attempt;
import dev.toygres.model.InstanceId;
import dev.toygres.orchestrations.Orders;
import dev.toygres.orchestrations.endpoint.EndpointHosts;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The stable addresses of an instance: opened, pointed elsewhere, held, closed. */
public final class Endpoints {
    /** Short beside the life of a certificate; agents keep one that is as good anyway. */
    private static final Duration REUSED = Duration.ofHours(1);

    /**
     * After which an endpoint ends, so that another host may serve it: longer than an agent needs
     * to start again on a busy machine, because that should cost nobody a session.
     */
    static final Duration SILENCE = Duration.ofSeconds(8);

    private final Catalogue catalogue;
    private final Vault vault;
    private final Orders orders;
    private final InstantSource clock;

    /** By instance: in a failover everybody waits for the order that needs one. */
    private final Map<String, Issued> issued = new ConcurrentHashMap<>();

    private record Issued(Certificate certificate, String host, Instant at) {
        boolean fits(InstanceRow row, String wantedHost, Instant now) {
            return host.equals(wantedHost)
                    && row.caCertificate().equals(Optional.of(certificate.authority()))
                    && now.isBefore(at.plus(REUSED));
        }
    }

    public Endpoints(Catalogue catalogue, Vault vault, Orders orders, InstantSource clock) {
        this.catalogue = catalogue;
        this.vault = vault;
        this.orders = orders;
        this.clock = clock;
    }

    /** At the host that keeps them, or at this one when they have none yet. */
    public EndpointUp open(
            Attempt attempt,
            InstanceRow row,
            String hostIfNew,
            long term,
            Address target,
            List<Address> readers) {
        String hostId = row.endpoint().map(InstanceRow.Endpoint::hostId).orElse(hostIfNew);
        return openAt(attempt, row, hostId, term, target, readers);
    }

    /** At this host, be it in place of the one that keeps them (S13). */
    public EndpointUp openAt(
            Attempt attempt,
            InstanceRow row,
            String hostId,
            long term,
            Address target,
            List<Address> readers) {
        Order order =
                new Order.OpenEndpoint(
                        new InstanceId(row.id()),
                        term,
                        target,
                        readers,
                        !row.readOnlyFallback(),
                        Vault.POOLER,
                        vault.poolerPassword(row.id()).reveal(),
                        certificate(row, hostId),
                        row.endpoint().map(Endpoints::ports),
                        silence(hostId, row.endpoint().map(InstanceRow.Endpoint::host)));
        return orders.carryOut(attempt, hostId, row.id(), order, EndpointUp.class);
    }

    /** Where nobody else could serve them, they outlive their agent. */
    private Optional<Duration> silence(String hostId, Optional<String> known) {
        String address = known.orElseGet(() -> address(hostId));
        boolean mayMove =
                catalogue.jdbi().withHandle(HostStore::list).stream()
                        .filter(host -> !host.id().equals(hostId))
                        .anyMatch(host -> EndpointHosts.maySpeakAs(host, address));
        return mayMove ? Optional.of(SILENCE) : Optional.empty();
    }

    /** Whatever takes time and can be had before clients wait. */
    public void prepare(InstanceRow row) {
        row.endpoint().ifPresent(open -> certificate(row, open.hostId()));
    }

    private Certificate certificate(InstanceRow row, String hostId) {
        // The name that clients know it by, whoever serves it.
        String host =
                row.endpoint().map(InstanceRow.Endpoint::host).orElseGet(() -> address(hostId));
        Instant now = clock.instant();
        issued.values().removeIf(one -> now.isAfter(one.at().plus(REUSED)));
        return issued.compute(
                        row.id(),
                        (_, known) ->
                                known != null && known.fits(row, host, now)
                                        ? known
                                        : new Issued(
                                                vault.certificate(row, row.id(), host), host, now))
                .certificate();
    }

    /** S13: nobody reaches the primary through them until they are opened again. */
    public void hold(Attempt attempt, InstanceRow row, long term, Duration timeout) {
        row.endpoint()
                .ifPresent(
                        open ->
                                orders.carryOut(
                                        attempt,
                                        open.hostId(),
                                        row.id(),
                                        new Order.HoldEndpoint(
                                                new InstanceId(row.id()), term, timeout)));
    }

    static EndpointPorts ports(InstanceRow.Endpoint open) {
        return new EndpointPorts(open.host(), open.readWrite(), open.readOnly(), open.pooled());
    }

    private String address(String hostId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> HostStore.find(handle, hostId))
                .orElseThrow()
                .agentHost();
    }

    /** For a member of this instance on that host; clients know it by the endpoint's name too. */
    public Certificate certificate(InstanceRow row, String memberId, String hostId) {
        return vault.certificate(
                row,
                memberId,
                Stream.concat(
                                Stream.of(address(hostId)),
                                row.endpoint().map(InstanceRow.Endpoint::host).stream())
                        .toArray(String[]::new));
    }
}
