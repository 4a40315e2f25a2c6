package dev.toygres.orchestrations.endpoint;

import dev.toygres.model.EndpointPlacement;
import dev.toygres.model.EndpointPlacement.Candidate;
import dev.toygres.model.EndpointPlacement.Standing;
import dev.toygres.model.HostId;
import dev.toygres.model.Placement.Choice;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.LeftoverRow;
import dev.toygres.store.LeftoverStore;
import dev.toygres.store.MemberRow;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who else could serve the addresses of an instance, as the catalogue has it. */
public final class EndpointHosts {
    private EndpointHosts() {}

    /** In place of the host that has them. */
    public static Choice elsewhere(Handle handle, Topology topology, InstanceRow.Endpoint open) {
        List<Candidate> others =
                HostStore.list(handle).stream()
                        .filter(host -> !host.id().equals(open.hostId()))
                        .map(host -> candidate(handle, topology, open, host))
                        .toList();
        return EndpointPlacement.choose(open.host(), others);
    }

    private static Candidate candidate(
            Handle handle, Topology topology, InstanceRow.Endpoint open, HostRow host) {
        return new Candidate(
                new HostId(host.id()),
                host.reachable(),
                maySpeakAs(host, open.host()),
                LeftoverStore.contains(
                        handle, host.id(), LeftoverRow.Kind.Endpoint, topology.instance().id()),
                standing(topology, host.id()));
    }

    /** Its own address, or one that its agent was told it may have. */
    public static boolean maySpeakAs(HostRow host, String address) {
        return host.agentHost().equals(address)
                || Room.status(host).stream()
                        .flatMap(status -> status.endpointAddresses().stream())
                        .anyMatch(range -> range.contains(address));
    }

    /** While a term is open, whoever is to be primary in it. */
    private static Optional<MemberRow> next(Topology topology) {
        return topology.instance().candidate().flatMap(topology::replica).or(topology::primary);
    }

    private static Standing standing(Topology topology, String hostId) {
        if (next(topology).filter(one -> one.hostId().equals(hostId)).isPresent()) {
            return Standing.Primary;
        }
        return topology.replicas().stream().anyMatch(one -> one.hostId().equals(hostId))
                ? Standing.Replica
                : Standing.None;
    }
}
