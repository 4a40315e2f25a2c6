package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.Given;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.agentapi.HostStatus.State;
import dev.toygres.model.ReplicaState;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.ParameterStore.Agreed;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Members that run and have other settings than are agreed: they were away when those changed, as
 * with a host that was down, or had to wait for the primary's restart. One that did not come up
 * with what is agreed is left as it is, until somebody agrees on something else.
 */
public final class Stale {
    private Stale() {}

    /** As last seen; the primary last. */
    public static List<MemberRow> of(Handle handle, Topology topology, Observations seen) {
        MemberRow primary = topology.placedPrimary();
        Agreed agreed = ParameterStore.agreed(handle, topology.instance().id());
        return Stream.concat(
                        topology.readyReplicas().stream()
                                .filter(one -> follows(seen, primary, one)),
                        Stream.of(primary))
                .filter(
                        one ->
                                seen.of(one)
                                        .filter(status -> status.state() == State.Running)
                                        .flatMap(MemberStatus::given)
                                        .filter(given -> differs(topology, agreed, one, given))
                                        .isPresent())
                .toList();
    }

    /** What it must have at least is told to it by the WAL that it has not replayed yet. */
    private static boolean follows(Observations seen, MemberRow primary, MemberRow replica) {
        return seen.verdict(primary, replica).state() == ReplicaState.Streaming;
    }

    private static boolean differs(
            Topology topology, Agreed agreed, MemberRow member, Given given) {
        String digest = Given.digest(Settings.of(topology.instance(), member, agreed));
        return !given.digest().equals(digest) && !given.refused().equals(Optional.of(digest));
    }
}
