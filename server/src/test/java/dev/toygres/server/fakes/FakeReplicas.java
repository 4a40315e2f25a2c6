package dev.toygres.server.fakes;

import dev.toygres.model.Name;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.ReplicaState;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.replica.Copy;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaChange;
import dev.toygres.orchestrations.replica.ReplicaView;
import dev.toygres.orchestrations.replica.Replicas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A desk for replicas that checks a wish as the real one has to, and then only remembers. */
public final class FakeReplicas implements Replicas {
    private final Map<String, Map<String, ReplicaView>> replicas = new ConcurrentHashMap<>();
    private final FakeOperations operations;

    public FakeReplicas(FakeOperations operations) {
        this.operations = operations;
    }

    void begin(String instanceId, List<NewReplica> wishes) {
        var faults = new ArrayList<FieldFault>();
        for (int i = 0; i < wishes.size(); i++) {
            String before = "replicas[" + i + "].";
            faults(wishes.get(i)).stream()
                    .map(fault -> new FieldFault(before + fault.field(), fault.message()))
                    .forEach(faults::add);
        }
        refuse(faults);
        replicas.put(instanceId, new TreeMap<>());
        wishes.forEach(wish -> put(instanceId, shown(wish)));
    }

    @Override
    public String add(String instanceId, NewReplica wish) {
        of(instanceId);
        refuse(faults(wish));
        if (of(instanceId).containsKey(wish.replicaId())) {
            throw Refused.conflict("name-in-use", wish.replicaId() + " is there already");
        }
        put(instanceId, shown(wish));
        return operations.begin("AddReplica", instanceId);
    }

    private static List<FieldFault> faults(NewReplica wish) {
        var faults = new ArrayList<FieldFault>();
        Name.fault(wish.replicaId()).ifPresent(f -> faults.add(new FieldFault("replicaId", f)));
        word("size", wish.size(), Size.values()).ifPresent(faults::add);
        word("replicationMode", wish.replicationMode(), ReplicationMode.values())
                .ifPresent(faults::add);
        if (wish.priority().filter(p -> p < 0 || p > 100).isPresent()) {
            faults.add(new FieldFault("priority", "must be from 0 to 100"));
        }
        if (wish.region().filter(region -> !region.equals("local")).isPresent()) {
            faults.add(new FieldFault("region", "has no host; there is: local"));
        }
        return faults;
    }

    static Optional<FieldFault> word(String field, Optional<String> value, Enum<?>[] known) {
        List<String> names = Arrays.stream(known).map(Enum::name).toList();
        return value.filter(word -> !names.contains(word))
                .map(_ -> new FieldFault(field, "must be one of " + String.join(", ", names)));
    }

    private static void refuse(List<FieldFault> faults) {
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    private static ReplicaView shown(NewReplica wish) {
        return new ReplicaView(
                wish.replicaId(),
                ReplicaState.Streaming,
                wish.replicationMode().map(ReplicationMode::valueOf).orElse(ReplicationMode.Async),
                wish.size().map(Size::valueOf).orElse(Size.small),
                Optional.of(12L),
                Optional.of(4096L),
                wish.maxLagBytes(),
                wish.promotable().orElse(true),
                wish.priority().orElse(50),
                "host-2",
                wish.region().orElse("local"),
                wish.availabilityZone().orElse("local-b"),
                Optional.empty());
    }

    private void put(String instanceId, ReplicaView view) {
        of(instanceId).put(view.id(), view);
    }

    private Map<String, ReplicaView> of(String instanceId) {
        Map<String, ReplicaView> there = replicas.get(instanceId);
        if (there == null) {
            throw Refused.notFound("instance", instanceId);
        }
        return there;
    }

    @Override
    public String remove(String instanceId, String replicaId) {
        of(instanceId).remove(get(instanceId, replicaId).id());
        return operations.begin("RemoveReplica", instanceId);
    }

    @Override
    public String rebuild(String instanceId, String replicaId, Copy copy) {
        get(instanceId, replicaId);
        return operations.begin("RebuildReplica", instanceId);
    }

    @Override
    public List<ReplicaView> list(String instanceId) {
        return List.copyOf(of(instanceId).values());
    }

    @Override
    public ReplicaView get(String instanceId, String replicaId) {
        ReplicaView view = of(instanceId).get(replicaId);
        if (view == null) {
            throw Refused.notFound("replica", replicaId);
        }
        return view;
    }

    @Override
    public ReplicaView update(String instanceId, String replicaId, ReplicaChange change) {
        ReplicaView now = get(instanceId, replicaId);
        var changed =
                new ReplicaView(
                        now.id(),
                        now.state(),
                        change.mode().map(ReplicationMode::valueOf).orElse(now.mode()),
                        now.size(),
                        now.lagMs(),
                        now.lagBytes(),
                        change.unboundedLag()
                                ? Optional.empty()
                                : change.maxLagBytes().or(now::maxLagBytes),
                        change.promotable().orElse(now.promotable()),
                        change.priority().orElse(now.priority()),
                        now.host(),
                        now.region(),
                        now.availabilityZone(),
                        now.trouble());
        put(instanceId, changed);
        return changed;
    }
}
