package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.durable.FlowType;
import dev.toygres.model.Durability;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.IsolationPolicy;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.failover.FailoverDesk;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.orchestrations.parameter.FirstParameters;
import dev.toygres.orchestrations.parameter.FirstParameters.Inherited;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaDesk;
import dev.toygres.orchestrations.replica.ReplicaWish;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.LeftoverRow;
import dev.toygres.store.LeftoverStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The desk on the catalogue: the wish and its operation are one transaction. */
public final class InstanceDesk implements Instances {
    private final Catalogue catalogue;
    private final Lanes lanes;
    private final Vault vault;
    private final ReplicaDesk replicas;
    private final FailoverDesk failovers;
    private final FirstParameters parameters;
    private final Observations seen;

    public InstanceDesk(
            Catalogue catalogue,
            Lanes lanes,
            Vault vault,
            ReplicaDesk replicas,
            FailoverDesk failovers,
            FirstParameters parameters,
            Observations seen) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.vault = vault;
        this.replicas = replicas;
        this.failovers = failovers;
        this.parameters = parameters;
        this.seen = seen;
    }

    @Override
    public String create(NewInstance wish) {
        // Outside of any transaction: a host is asked.
        Optional<ParameterRequest> first = wish.parameters().map(one -> first(wish, one));
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = Wish.checked(wish, Room.onHosts(handle));
                            if (!InstanceStore.add(handle, row)) {
                                throw nameInUse(handle, row.id());
                            }
                            placeReplicas(handle, row.id(), wish.replicas());
                            String operation =
                                    lanes.start(
                                            handle,
                                            InstanceFlows.CREATE,
                                            row.id(),
                                            new InstanceInput(row.id()));
                            first.ifPresent(
                                    request ->
                                            parameters.agree(
                                                    handle,
                                                    operation,
                                                    row,
                                                    wish.parameters().orElseThrow(),
                                                    request));
                            return operation;
                        });
    }

    private ParameterRequest first(NewInstance wish, NewParameters asked) {
        InstanceRow row =
                catalogue.jdbi().withHandle(handle -> Wish.checked(wish, Room.onHosts(handle)));
        List<Size> replicas =
                wish.replicas().stream().map(one -> Wish.sizeOf(one, row.size())).toList();
        return parameters.checked(row, replicas, asked);
    }

    /**
     * A new instance that another flow fills: the wish and its operation are one transaction.
     *
     * @param inherited the parameters that its source has agreed on
     */
    public String createBy(NewInstance wish, Inherited inherited, Function<Handle, String> start) {
        // Outside of any transaction: a host is asked.
        parameters.refuseUnfit(
                catalogue.jdbi().withHandle(handle -> Wish.checked(wish, Room.onHosts(handle))),
                inherited);
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = add(handle, wish);
                            String operation = start.apply(handle);
                            parameters.inherit(handle, operation, row, inherited);
                            return operation;
                        });
    }

    /** An instance that does not run yet, of whoever fills it. */
    public static InstanceRow add(Handle handle, NewInstance wish) {
        InstanceRow row = Wish.checked(wish, Room.onHosts(handle));
        if (!InstanceStore.add(handle, row)) {
            throw nameInUse(handle, row.id());
        }
        return row;
    }

    private static void placeReplicas(Handle handle, String id, List<NewReplica> wishes) {
        List<FieldFault> faults = new ArrayList<>();
        for (int i = 0; i < wishes.size(); i++) {
            try {
                placeReplica(handle, id, wishes.get(i));
            } catch (Refused refused) {
                if (refused.faults().isEmpty()) {
                    throw refused;
                }
                String at = "replicas[" + i + "].";
                refused.faults()
                        .forEach(
                                one -> faults.add(new FieldFault(at + one.field(), one.message())));
            }
        }
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    private static void placeReplica(Handle handle, String id, NewReplica wish) {
        Topology topology = Topology.find(handle, id).orElseThrow();
        if (!MemberStore.add(handle, ReplicaWish.placed(handle, topology, wish))) {
            throw ReplicaDesk.nameInUse(handle, wish.replicaId());
        }
    }

    private static Refused nameInUse(Handle handle, String id) {
        Optional<LeftoverRow> left = LeftoverStore.ofInstance(handle, id);
        if (left.isPresent()) {
            throw Refused.conflict(
                    "name-in-use",
                    "of a former instance %s %s".formatted(id, stillThere(left.get())));
        }
        String state =
                InstanceStore.find(handle, id).map(row -> row.state().name()).orElse("going");
        return Refused.conflict(
                "name-in-use",
                "there is an instance %s already (%s); choose another id, or delete it first"
                        .formatted(id, state));
    }

    /** Why a name is held, and until when. */
    private static String stillThere(LeftoverRow left) {
        return ("%s is still on host %s; it goes when the host is back. Choose another id, or forget"
                        + " the host if it is gone for good")
                .formatted(left.words(), left.hostId());
    }

    @Override
    public String stop(String id) {
        return change(id, InstanceEvent.stopRequested, InstanceFlows.STOP);
    }

    @Override
    public String start(String id) {
        return change(id, InstanceEvent.startRequested, InstanceFlows.START);
    }

    @Override
    public String restart(String id) {
        return change(id, InstanceEvent.restartRequested, InstanceFlows.RESTART);
    }

    @Override
    public String fence(String id) {
        return whileIdle(
                id,
                (handle, _) -> {
                    // First: whatever becomes of it, nothing starts it.
                    InstanceStore.fence(handle, id, true);
                    return begin(handle, id, InstanceEvent.stopRequested, InstanceFlows.FENCE);
                });
    }

    @Override
    public String unfence(String id) {
        return whileIdle(
                id,
                (handle, row) -> {
                    if (!row.fenced()) {
                        throw Refused.conflict(
                                "not-fenced",
                                "instance %s is %s, and not fenced".formatted(id, row.state()));
                    }
                    InstanceStore.fence(handle, id, false);
                    return begin(handle, id, InstanceEvent.startRequested, InstanceFlows.UNFENCE);
                });
    }

    /** For the watch: brings back what ought to run and does not; answers the operation. */
    public String recover(String id) {
        return change(id, InstanceEvent.restartRequested, InstanceFlows.START);
    }

    private String change(
            String id, InstanceEvent event, FlowType<InstanceInput, InstanceOutcome> flow) {
        return whileIdle(
                id,
                (handle, row) -> {
                    if (row.fenced()) {
                        throw Refused.conflict("fenced", id + " is fenced: unfence it instead");
                    }
                    if (row.state() == InstanceState.Failed && !wasCreated(handle, row)) {
                        throw Refused.conflict(
                                "never-created",
                                id
                                        + " was never completely created: retry its operation,"
                                        + " or delete it");
                    }
                    return begin(handle, id, event, flow);
                });
    }

    /** In a transaction that has its row, while nobody is at work on it. */
    private String whileIdle(String id, BiFunction<Handle, InstanceRow, String> change) {
        return lanes.afterHousekeeping(
                id,
                () ->
                        catalogue
                                .jdbi()
                                .inTransaction(
                                        handle -> {
                                            InstanceRow row = InstanceStore.lock(handle, id);
                                            lanes.refuseWhileBusy(id);
                                            return change.apply(handle, row);
                                        }));
    }

    private String begin(
            Handle handle,
            String id,
            InstanceEvent event,
            FlowType<InstanceInput, InstanceOutcome> flow) {
        InstanceStore.move(handle, id, event);
        return lanes.start(handle, flow, id, new InstanceInput(id));
    }

    private static boolean wasCreated(Handle handle, InstanceRow row) {
        return Topology.of(handle, row).primary().flatMap(MemberRow::systemIdentifier).isPresent();
    }

    /** Its backups are kept. */
    public String delete(String id) {
        return delete(id, true);
    }

    @Override
    public String delete(String id, boolean keepBackups) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = InstanceStore.lock(handle, id);
                            refuseDeletion(row);
                            InstanceStore.move(handle, id, InstanceEvent.deleteRequested);
                            // Without the lane: it takes it over from whoever is at work.
                            return lanes.startWithout(
                                    handle,
                                    InstanceFlows.DELETE,
                                    id,
                                    new InstanceInput(id, Optional.of(keepBackups)));
                        });
    }

    private static void refuseDeletion(InstanceRow row) {
        if (row.state() == InstanceState.Deleting) {
            throw Refused.conflict("being-deleted", row.id() + " is being deleted already");
        }
        if (row.deletionProtection()) {
            throw Refused.conflict(
                    "deletion-protected",
                    row.id() + " is protected: set deletionProtection to false first");
        }
    }

    @Override
    public InstanceView update(String id, Change change, Optional<Long> revision) {
        Optional<Durability> wanted = Wish.changed(change.durability());
        Optional<IsolationPolicy> policy = Wish.policy(change.isolationPolicy());
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceStore.lock(handle, id);
                            if (!InstanceStore.update(
                                    handle,
                                    id,
                                    change.deletionProtection(),
                                    wanted,
                                    policy,
                                    change.readOnlyFallback(),
                                    revision)) {
                                throw Refused.conflict(
                                        "changed-meanwhile",
                                        id + " has changed since it was read: read it again");
                            }
                            return view(handle, InstanceStore.lock(handle, id));
                        });
    }

    @Override
    public InstanceView get(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, id).map(row -> view(handle, row)))
                .orElseThrow(() -> Refused.notFound("instance", id));
    }

    @Override
    public List<InstanceView> list(int limit, Optional<String> after) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                InstanceStore.list(handle, limit, after).stream()
                                        .map(row -> view(handle, row))
                                        .toList());
    }

    @Override
    public Login login(String id) {
        InstanceRow row =
                catalogue
                        .jdbi()
                        .withHandle(handle -> InstanceStore.find(handle, id))
                        .orElseThrow(() -> Refused.notFound("instance", id));
        EndpointPorts endpoint =
                row.endpoint()
                        .map(Endpoints::ports)
                        .orElseThrow(
                                () ->
                                        Refused.conflict(
                                                "no-endpoint-yet",
                                                id + " has no address yet: wait for its creation"));
        return new Login(
                row.owner(),
                vault.ownerPassword(id),
                row.database(),
                endpoint,
                row.caCertificate().orElseThrow());
    }

    /** The primary first. */
    private static List<InstanceView.Member> members(Topology topology) {
        return Stream.concat(
                        topology.primary().stream().map(one -> member(one, "primary")),
                        topology.replicas().stream().map(one -> member(one, "replica")))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<InstanceView.Member> member(MemberRow row, String role) {
        return row.addressHost()
                .flatMap(
                        host ->
                                row.addressPort()
                                        .map(
                                                port ->
                                                        new InstanceView.Member(
                                                                row.id(), role, host, port)));
    }

    private static Optional<String> fenced(InstanceRow row) {
        return row.fenced()
                ? Optional.of("it is fenced: nobody writes until it is unfenced")
                : Optional.empty();
    }

    private InstanceView view(Handle handle, InstanceRow row) {
        Topology topology = Topology.of(handle, row);
        Optional<HostRow> host =
                topology.primary().flatMap(one -> HostStore.find(handle, one.hostId()));
        return new InstanceView(
                row.id(),
                row.state(),
                row.health().in(row.state()),
                String.valueOf(row.postgresMajor()),
                row.size(),
                row.term(),
                row.incumbent(),
                host.map(HostRow::id),
                host.map(HostRow::region).or(row::region),
                host.map(HostRow::availabilityZone).or(row::availabilityZone),
                row.endpoint().map(Endpoints::ports),
                row.owner(),
                row.database(),
                row.deletionProtection(),
                lanes.holder(row.id()),
                row.failure().or(() -> fenced(row)),
                row.createdAt(),
                row.revision(),
                row.durability(),
                row.readOnlyFallback(),
                replicas.views(handle, topology),
                failovers.risk(handle, topology),
                Isolation.of(topology, seen),
                members(topology));
    }
}
