package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.durable.FlowType;
import dev.toygres.durable.LaneTaken;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StartRequest;
import dev.toygres.model.InstanceEvent;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.OperationIds;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.Catalogue;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The desk on the catalogue: the wish and its operation are one transaction. */
public final class InstanceDesk implements Instances {
    private final Catalogue catalogue;
    private final Operations operations;
    private final Vault vault;
    private final InstantSource clock;

    public InstanceDesk(
            Catalogue catalogue, Operations operations, Vault vault, InstantSource clock) {
        this.catalogue = catalogue;
        this.operations = operations;
        this.vault = vault;
        this.clock = clock;
    }

    /** Whoever changes the topology of an instance holds its lane: one at a time. */
    static String lane(String instanceId) {
        return "instance/" + instanceId;
    }

    @Override
    public String create(NewInstance wish) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = Wish.checked(wish, Room.onHosts(handle));
                            if (!InstanceStore.add(handle, row)) {
                                throw nameInUse(handle, row.id());
                            }
                            return begin(handle, InstanceFlows.CREATE, row.id(), true);
                        });
    }

    private static Refused nameInUse(Handle handle, String id) {
        String state =
                InstanceStore.find(handle, id).map(row -> row.state().name()).orElse("going");
        return Refused.conflict(
                "name-in-use",
                "there is an instance %s already (%s); choose another id, or delete it first"
                        .formatted(id, state));
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

    /** For the watch: brings back what ought to run and does not; answers the operation. */
    public String recover(String id) {
        return change(id, InstanceEvent.restartRequested, InstanceFlows.START);
    }

    private String change(
            String id, InstanceEvent event, FlowType<InstanceInput, InstanceOutcome> flow) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = InstanceStore.lock(handle, id);
                            refuseWhileBusy(id);
                            if (row.state() == InstanceState.Failed && row.endpoint().isEmpty()) {
                                throw Refused.conflict(
                                        "never-created",
                                        id
                                                + " was never completely created: retry its operation,"
                                                + " or delete it");
                            }
                            InstanceStore.move(handle, id, event);
                            return begin(handle, flow, id, true);
                        });
    }

    private void refuseWhileBusy(String id) {
        operations
                .holder(lane(id))
                .ifPresent(
                        holder -> {
                            throw busy(id, holder);
                        });
    }

    private static Refused busy(String id, String holder) {
        return Refused.conflict(
                "operation-in-progress",
                "operation %s is at work on instance %s; wait for it, or cancel it"
                        .formatted(holder, id));
    }

    @Override
    public String delete(String id) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = InstanceStore.lock(handle, id);
                            refuseDeletion(row);
                            InstanceStore.move(handle, id, InstanceEvent.deleteRequested);
                            // Without the lane: it takes it over from whoever is at work.
                            return begin(handle, InstanceFlows.DELETE, id, false);
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

    private String begin(
            Handle handle,
            FlowType<InstanceInput, InstanceOutcome> flow,
            String id,
            boolean withLane) {
        String operationId = OperationIds.next(clock);
        try {
            operations.start(
                    handle.getConnection(),
                    new StartRequest<>(
                            operationId,
                            flow,
                            new InstanceInput(id),
                            Optional.of(id),
                            withLane ? Optional.of(lane(id)) : Optional.empty()));
        } catch (LaneTaken taken) {
            throw busy(id, taken.holder());
        }
        return operationId;
    }

    @Override
    public InstanceView protect(String id, boolean deletionProtection, Optional<Long> revision) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceStore.lock(handle, id);
                            if (!InstanceStore.protect(handle, id, deletionProtection, revision)) {
                                throw Refused.conflict(
                                        "changed-meanwhile",
                                        id + " has changed since it was read: read it again");
                            }
                            return view(InstanceStore.lock(handle, id));
                        });
    }

    @Override
    public InstanceView get(String id) {
        return catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, id))
                .map(this::view)
                .orElseThrow(() -> Refused.notFound("instance", id));
    }

    @Override
    public List<InstanceView> list(int limit, Optional<String> after) {
        return catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.list(handle, limit, after))
                .stream()
                .map(this::view)
                .toList();
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
                        .map(InstanceDesk::ports)
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

    private static EndpointPorts ports(InstanceRow.Endpoint open) {
        return new EndpointPorts(open.host(), open.readWrite(), open.readOnly(), open.pooled());
    }

    private InstanceView view(InstanceRow row) {
        return new InstanceView(
                row.id(),
                row.state(),
                row.health(),
                String.valueOf(row.postgresMajor()),
                row.size(),
                row.term(),
                row.incumbent(),
                row.endpoint().map(InstanceRow.Endpoint::hostId),
                row.region(),
                row.availabilityZone(),
                row.endpoint().map(InstanceDesk::ports),
                row.owner(),
                row.database(),
                row.deletionProtection(),
                operations.holder(lane(row.id())),
                row.failure(),
                row.createdAt(),
                row.revision());
    }
}
