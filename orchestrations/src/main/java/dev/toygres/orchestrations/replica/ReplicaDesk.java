package dev.toygres.orchestrations.replica;

import dev.toygres.durable.FlowType;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.ReplicaHealth;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.ReplicationMode;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.LeftoverStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The desk for replicas, on the catalogue. */
public final class ReplicaDesk implements Replicas {
    private final Catalogue catalogue;
    private final Lanes lanes;
    private final Observations seen;

    public ReplicaDesk(Catalogue catalogue, Lanes lanes, Observations seen) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.seen = seen;
    }

    @Override
    public String add(String instanceId, NewReplica wish) {
        return lanes.afterHousekeeping(instanceId, () -> tryAdd(instanceId, wish));
    }

    private String tryAdd(String instanceId, NewReplica wish) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            Topology topology = running(handle, instanceId);
                            refuseTooMany(topology);
                            MemberRow row = ReplicaWish.placed(handle, topology, wish);
                            refuseWhileACopyIsLeft(handle, row.id());
                            if (!MemberStore.add(handle, row)) {
                                throw nameInUse(handle, row.id());
                            }
                            return begin(
                                    handle,
                                    ReplicaFlows.ADD,
                                    new ReplicaInput(
                                            instanceId, row.id(), Optional.of(wish.copy())));
                        });
    }

    private static void refuseTooMany(Topology topology) {
        if (topology.replicas().size() >= ReplicaWish.MOST) {
            throw Refused.conflict(
                    "too-many-replicas",
                    "instance %s has %d replicas already; there can be at most %d"
                            .formatted(
                                    topology.instance().id(),
                                    topology.replicas().size(),
                                    ReplicaWish.MOST));
        }
    }

    /** The name is held by a member, or by what is left of one. */
    public static Refused nameInUse(Handle handle, String replicaId) {
        String words =
                LeftoverStore.member(handle, replicaId)
                        .map(
                                left ->
                                        ("a former %s is still on host %s and goes when the host is"
                                                        + " back; choose another replicaId, or forget"
                                                        + " the host if it is gone for good")
                                                .formatted(replicaId, left.hostId()))
                        .orElse(
                                "there is a member %s already; choose another replicaId"
                                        .formatted(replicaId));
        return Refused.conflict("name-in-use", words);
    }

    /** A copy that was left on a dead host would come back under the new one's name and slot. */
    private static void refuseWhileACopyIsLeft(Handle handle, String replicaId) {
        for (HostRow host : HostStore.list(handle)) {
            if (!host.reachable() && Room.hasMember(host, replicaId)) {
                throw Refused.conflict(
                        "name-in-use",
                        "a former %s is still on %s; choose another replicaId"
                                .formatted(replicaId, host.id()));
            }
        }
    }

    private Topology running(Handle handle, String instanceId) {
        InstanceRow row = InstanceStore.lock(handle, instanceId);
        lanes.refuseWhileBusy(instanceId);
        if (row.state() != InstanceState.Running) {
            throw Refused.conflict(
                    "wrong-state",
                    "instance %s is %s; it must be Running".formatted(instanceId, row.state()));
        }
        return Topology.of(handle, row);
    }

    private String begin(
            Handle handle, FlowType<ReplicaInput, ReplicaOutcome> flow, ReplicaInput input) {
        return lanes.start(handle, flow, input.instanceId(), input);
    }

    @Override
    public String remove(String instanceId, String replicaId) {
        return lanes.afterHousekeeping(
                instanceId,
                () -> change(instanceId, replicaId, MemberRow.Stage.Removing, ReplicaFlows.REMOVE));
    }

    @Override
    public String rebuild(String instanceId, String replicaId, Copy copy) {
        return lanes.afterHousekeeping(
                instanceId,
                () ->
                        catalogue
                                .jdbi()
                                .inTransaction(
                                        handle -> rebuild(handle, instanceId, replicaId, copy)));
    }

    private String rebuild(Handle handle, String instanceId, String replicaId, Copy copy) {
        Topology topology = running(handle, instanceId);
        known(topology, replicaId);
        ReplicaWish.checked(copy, topology, replicaId);
        MemberStore.stage(handle, replicaId, MemberRow.Stage.Provisioning, Optional.empty());
        return begin(
                handle,
                ReplicaFlows.REBUILD,
                new ReplicaInput(
                        instanceId,
                        replicaId,
                        Optional.of(copy).filter(one -> !one.equals(Copy.USUAL))));
    }

    private String change(
            String instanceId,
            String replicaId,
            MemberRow.Stage stage,
            FlowType<ReplicaInput, ReplicaOutcome> flow) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            known(running(handle, instanceId), replicaId);
                            MemberStore.stage(handle, replicaId, stage, Optional.empty());
                            return begin(handle, flow, new ReplicaInput(instanceId, replicaId));
                        });
    }

    private static MemberRow known(Topology topology, String replicaId) {
        if (topology.primary().filter(one -> one.id().equals(replicaId)).isPresent()) {
            throw Refused.conflict(
                    "is-primary", replicaId + " is the primary: fail over to another member first");
        }
        return topology.replica(replicaId)
                .orElseThrow(() -> Refused.notFound("replica", replicaId));
    }

    @Override
    public List<ReplicaView> list(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle -> {
                            Topology topology =
                                    Topology.find(handle, instanceId)
                                            .orElseThrow(
                                                    () -> Refused.notFound("instance", instanceId));
                            return views(handle, topology);
                        });
    }

    /** All replicas of an instance as they were last seen. */
    public List<ReplicaView> views(Handle handle, Topology topology) {
        return topology.replicas().stream().map(one -> view(handle, topology, one)).toList();
    }

    @Override
    public ReplicaView get(String instanceId, String replicaId) {
        return list(instanceId).stream()
                .filter(one -> one.id().equals(replicaId))
                .findFirst()
                .orElseThrow(() -> Refused.notFound("replica", replicaId));
    }

    @Override
    public ReplicaView update(String instanceId, String replicaId, ReplicaChange change) {
        Optional<ReplicationMode> mode = ReplicaWish.checked(change);
        if (mode.isPresent()) {
            lanes.afterHousekeeping(
                    instanceId, () -> tryUpdate(instanceId, replicaId, change, mode));
        } else {
            tryUpdate(instanceId, replicaId, change, mode);
        }
        return get(instanceId, replicaId);
    }

    private boolean tryUpdate(
            String instanceId,
            String replicaId,
            ReplicaChange change,
            Optional<ReplicationMode> mode) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow row = InstanceStore.lock(handle, instanceId);
                            Topology topology = Topology.of(handle, row);
                            MemberRow replica = known(topology, replicaId);
                            mode.ifPresent(wanted -> switchMode(handle, topology, replica, wanted));
                            MemberStore.update(
                                    handle,
                                    replicaId,
                                    change.promotable(),
                                    change.priority(),
                                    change.maxLagBytes(),
                                    change.unboundedLag());
                            return true;
                        });
    }

    /** S9: it enters the sync list after it streams; the watch brings that list into force. */
    private void switchMode(
            Handle handle, Topology topology, MemberRow replica, ReplicationMode mode) {
        if (replica.mode() == mode) {
            return;
        }
        ReplicaState state = verdict(topology, replica).state();
        boolean streams = state == ReplicaState.Streaming || state == ReplicaState.Lagging;
        if (mode == ReplicationMode.Sync && !streams) {
            throw Refused.conflict(
                    "replica-not-streaming",
                    "replica %s is %s; commits can wait for it only while it streams"
                            .formatted(replica.id(), state));
        }
        lanes.refuseWhileBusy(topology.instance().id());
        MemberStore.mode(handle, replica.id(), mode);
    }

    private ReplicaView view(Handle handle, Topology topology, MemberRow replica) {
        ReplicaHealth.Verdict verdict = verdict(topology, replica);
        Optional<HostRow> host = HostStore.find(handle, replica.hostId());
        return new ReplicaView(
                replica.id(),
                verdict.state(),
                replica.mode(),
                replica.size(),
                seen.replication(replica).map(one -> one.replayLagMs()),
                topology.primary().flatMap(primary -> seen.lagBytes(primary, replica)),
                replica.maxLagBytes(),
                replica.promotable(),
                replica.priority(),
                replica.hostId(),
                host.map(HostRow::region).orElse(""),
                host.map(HostRow::availabilityZone).orElse(""),
                replica.trouble().or(verdict::trouble));
    }

    private ReplicaHealth.Verdict verdict(Topology topology, MemberRow replica) {
        return switch (replica.stage()) {
            case Provisioning -> said(ReplicaState.Provisioning);
            case Promoting -> said(ReplicaState.Promoting);
            case Removing -> said(ReplicaState.Removing);
            case Broken, Detached -> said(ReplicaState.Broken);
            case Retained -> said(ReplicaState.Stopped);
            case Ready ->
                    topology.primary()
                            .map(primary -> seen.verdict(primary, replica))
                            .orElse(said(ReplicaState.Syncing));
        };
    }

    private static ReplicaHealth.Verdict said(ReplicaState state) {
        return new ReplicaHealth.Verdict(state, Optional.empty());
    }
}
