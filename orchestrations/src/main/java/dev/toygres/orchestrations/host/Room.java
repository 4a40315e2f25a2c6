package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.HostId;
import dev.toygres.model.Placement;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.MemberStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the hosts have left: the observations that placement decides on. */
public final class Room {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    // A status from an agent of before.
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private Room() {}

    public static Placement.Need need(InstanceRow row) {
        return new Placement.Need(
                row.region(), row.availabilityZone(), row.postgresMajor(), row.size());
    }

    /** Where the members of an instance are. */
    public static Set<HostId> hostsOf(Topology topology) {
        return topology.members()
                .map(member -> new HostId(member.hostId()))
                .collect(Collectors.toSet());
    }

    /** Hosts that have answered at least once. */
    public static List<Placement.Candidate> onHosts(Handle handle) {
        return HostStore.list(handle).stream()
                .filter(host -> host.status().isPresent())
                .map(host -> candidate(handle, host))
                .toList();
    }

    /** Whether the host, when it last answered, had such a member. */
    public static boolean hasMember(HostRow host, String memberId) {
        return status(host).stream()
                .flatMap(status -> status.members().stream())
                .anyMatch(member -> member.memberId().equals(memberId));
    }

    public static Optional<HostStatus> status(HostRow host) {
        return host.status().map(json -> JSON.readValue(json, HostStatus.class));
    }

    static String json(HostStatus status) {
        return JSON.writeValueAsString(status);
    }

    private static Placement.Candidate candidate(Handle handle, HostRow host) {
        HostStatus status = status(host).orElseThrow();
        return new Placement.Candidate(
                new HostId(host.id()),
                host.region(),
                host.availabilityZone(),
                host.reachable(),
                List.copyOf(status.postgresVersions().keySet()),
                status.memoryBytes() / 1024 / 1024,
                committed(handle, host.id()),
                status.diskFreeBytes());
    }

    private static long committed(Handle handle, String hostId) {
        return MemberStore.on(handle, hostId).stream()
                .mapToLong(member -> member.size().memoryMegabytes())
                .sum();
    }
}
