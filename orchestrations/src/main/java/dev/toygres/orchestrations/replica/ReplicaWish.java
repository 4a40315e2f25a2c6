package dev.toygres.orchestrations.replica;

import dev.toygres.agentapi.Order;
import dev.toygres.model.Name;
import dev.toygres.model.Placement;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.MemberRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Checks a wish for a replica whole, and finds a place for it. */
public final class ReplicaWish {
    /** The read-only endpoint has so many places. */
    public static final int MOST = Order.OpenEndpoint.MOST_READERS;

    private static final long SLOWEST = 32L << 10;
    private static final long FASTEST = 1L << 30;

    private final List<FieldFault> faults = new ArrayList<>();

    private ReplicaWish() {}

    /**
     * The row that the wish becomes, on a host apart from the other members where there is one.
     *
     * @throws Refused with every fault, or when no host fits
     */
    public static MemberRow placed(Handle handle, Topology topology, NewReplica wish) {
        List<Placement.Candidate> hosts = Room.onHosts(handle);
        ReplicaWish check = new ReplicaWish();
        Size size = check.size(wish, topology.instance().size());
        ReplicationMode mode = check.mode(wish);
        check.check(wish, hosts);
        check.copy(wish.copy(), topology);
        if (!check.faults.isEmpty()) {
            throw Refused.fields(check.faults);
        }
        return MemberRow.replica(
                wish.replicaId(),
                topology.instance().id(),
                host(topology, wish, hosts, size),
                size,
                mode,
                wish.maxLagBytes(),
                wish.promotable().orElse(true),
                wish.priority().orElse(50),
                MemberRow.Stage.Provisioning);
    }

    /** A change follows the same rules; answers the mode that it wishes. */
    static Optional<ReplicationMode> checked(ReplicaChange change) {
        ReplicaWish check = new ReplicaWish();
        check.numbers(change.priority(), change.maxLagBytes());
        Optional<ReplicationMode> mode = change.mode().map(check::mode);
        if (!check.faults.isEmpty()) {
            throw Refused.fields(check.faults);
        }
        return mode;
    }

    /** How one that is there is to be copied anew. */
    static void checked(Copy copy, Topology topology, String replicaId) {
        ReplicaWish check = new ReplicaWish();
        check.copy(copy, topology);
        copy.from()
                .filter(replicaId::equals)
                .ifPresent(_ -> check.fault("copyFrom", "must be another member"));
        if (!check.faults.isEmpty()) {
            throw Refused.fields(check.faults);
        }
    }

    private void check(NewReplica wish, List<Placement.Candidate> hosts) {
        Name.fault(wish.replicaId()).ifPresent(fault -> fault("replicaId", fault));
        numbers(wish.priority(), wish.maxLagBytes());
        place("region", wish.region(), hosts.stream().map(Placement.Candidate::region).toList());
        place(
                "availabilityZone",
                wish.availabilityZone(),
                hosts.stream().map(Placement.Candidate::availabilityZone).toList());
    }

    /** The limits are pg_basebackup's. */
    private void copy(Copy copy, Topology topology) {
        if (topology.primary().isEmpty() && !copy.equals(Copy.USUAL)) {
            fault("copyFrom", "and copyBytesPerSecond are for instances that have data already");
            return;
        }
        List<String> there =
                Stream.concat(topology.primary().stream(), topology.readyReplicas().stream())
                        .map(MemberRow::id)
                        .toList();
        copy.from()
                .filter(one -> !there.contains(one))
                .ifPresent(one -> fault("copyFrom", "must be one of " + there + ", is " + one));
        copy.bytesPerSecond()
                .filter(one -> one < SLOWEST || one > FASTEST)
                .ifPresent(
                        one ->
                                fault(
                                        "copyBytesPerSecond",
                                        "must be from %d to %d, is %d"
                                                .formatted(SLOWEST, FASTEST, one)));
    }

    private void numbers(Optional<Integer> priority, Optional<Long> maxLagBytes) {
        priority.filter(one -> one < 0 || one > 100)
                .ifPresent(one -> fault("priority", "must be from 0 (never) to 100, is " + one));
        maxLagBytes
                .filter(one -> one <= 0)
                .ifPresent(one -> fault("maxLagBytes", "must be greater than 0, is " + one));
    }

    private Size size(NewReplica wish, Size ofPrimary) {
        return wish.size()
                .map(name -> named("size", name, Size.values(), ofPrimary))
                .orElse(ofPrimary);
    }

    private ReplicationMode mode(NewReplica wish) {
        return wish.replicationMode().map(this::mode).orElse(ReplicationMode.Async);
    }

    private ReplicationMode mode(String name) {
        return named("replicationMode", name, ReplicationMode.values(), ReplicationMode.Async);
    }

    private <E extends Enum<E>> E named(String field, String name, E[] all, E otherwise) {
        return Arrays.stream(all)
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseGet(
                        () -> {
                            fault(field, "must be one of " + Arrays.toString(all));
                            return otherwise;
                        });
    }

    private void place(String field, Optional<String> wished, List<String> there) {
        wished.filter(name -> !there.contains(name))
                .ifPresent(
                        name ->
                                fault(
                                        field,
                                        "no host is in %s; there is %s"
                                                .formatted(name, new TreeSet<>(there))));
    }

    private static String host(
            Topology topology, NewReplica wish, List<Placement.Candidate> hosts, Size size) {
        Placement.Need need =
                new Placement.Need(
                        wish.region(),
                        wish.availabilityZone(),
                        topology.instance().postgresMajor(),
                        size);
        return switch (Placement.chooseApartFrom(Room.hostsOf(topology), hosts, need)) {
            case Placement.Choice.On(var host) -> host.value();
            case Placement.Choice.Nowhere(var reason) ->
                    throw Refused.conflict("no-host-fits", reason);
        };
    }

    private void fault(String field, String message) {
        faults.add(new FieldFault(field, message));
    }
}
