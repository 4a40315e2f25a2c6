package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.HostStatus.EndpointStatus;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.orchestrations.Topology;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * S1: a term stands in the catalogue before any agent hears of it. Where an agent knows a newer
 * one, the catalogue was restored from a backup, and what it takes for the primary may have been
 * replaced: nothing may be done on its word.
 */
public final class NewerTerms {
    private NewerTerms() {}

    /**
     * The newest term that was seen at the members and the addresses of an instance, if the
     * catalogue does not know it.
     *
     * @param topology read after what is in {@code seen}, or with the term locked: else a failover
     *     in between looks like it
     */
    public static Optional<Long> of(Topology topology, Observations seen) {
        long newest =
                LongStream.concat(members(topology, seen), endpoint(topology, seen))
                        .max()
                        .orElse(0);
        return newest > topology.instance().term() ? Optional.of(newest) : Optional.empty();
    }

    private static LongStream members(Topology topology, Observations seen) {
        return topology.members()
                .flatMap(one -> seen.of(one).stream())
                .mapToLong(MemberStatus::term);
    }

    private static LongStream endpoint(Topology topology, Observations seen) {
        return topology.instance().endpoint().stream()
                .flatMap(open -> seen.endpoint(open.hostId(), topology.instance().id()).stream())
                .mapToLong(EndpointStatus::term);
    }
}
