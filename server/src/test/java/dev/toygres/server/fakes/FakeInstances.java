package dev.toygres.server.fakes;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.durable.LaneTaken;
import dev.toygres.model.Durability;
import dev.toygres.model.Health;
import dev.toygres.model.InstanceState;
import dev.toygres.model.IsolationPolicy;
import dev.toygres.model.Name;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Secret;
import dev.toygres.model.Size;
import dev.toygres.orchestrations.instance.InstanceView;
import dev.toygres.orchestrations.instance.Instances;
import dev.toygres.orchestrations.instance.Isolation;
import dev.toygres.orchestrations.instance.Login;
import dev.toygres.orchestrations.instance.NewInstance;
import dev.toygres.orchestrations.replica.ReplicaView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A desk for instances that does nothing but remember. */
public final class FakeInstances implements Instances {
    public static final String PASSWORD = "p@ss:w/ord%#?";

    private final Map<String, InstanceView> instances = new ConcurrentSkipListMap<>();
    private final FakeReplicas replicas;
    private final FakeOperations operations;

    /** While it is there, create waits for it. */
    public final AtomicReference<CountDownLatch> gate =
            new AtomicReference<>(new CountDownLatch(0));

    public FakeInstances(FakeReplicas replicas, FakeOperations operations) {
        this.replicas = replicas;
        this.operations = operations;
    }

    @Override
    public String create(NewInstance wish) {
        Name.fault(wish.id())
                .ifPresent(
                        fault -> {
                            throw Refused.fields(List.of(new FieldFault("id", fault)));
                        });
        if (wish.id().equals("bug")) {
            throw new IllegalStateException("a secret detail of the inside");
        }
        try {
            gate.get().await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (instances.containsKey(wish.id())) {
            throw Refused.conflict("instance-exists", wish.id() + " is in use");
        }
        FakeReplicas.word("durability", wish.durability(), Durability.values())
                .ifPresent(
                        fault -> {
                            throw Refused.fields(List.of(fault));
                        });
        replicas.begin(wish.id(), wish.replicas());
        Durability durability =
                wish.durability().map(Durability::valueOf).orElse(Durability.strict);
        put(wish.id(), wish.deletionProtection(), 1, durability, true);
        return operations.begin("CreateInstance", wish.id());
    }

    private InstanceView put(
            String id,
            boolean deletionProtection,
            long revision,
            Durability durability,
            boolean readOnlyFallback) {
        var view =
                new InstanceView(
                        id,
                        InstanceState.Running,
                        Health.Healthy,
                        "15",
                        Size.small,
                        1,
                        Optional.of(id + "-m1"),
                        Optional.of("host-1"),
                        Optional.of("local"),
                        Optional.of("local-a"),
                        Optional.of(new EndpointPorts("127.0.0.1", 6001, 6002, 6003)),
                        "app",
                        "app",
                        deletionProtection,
                        Optional.empty(),
                        Optional.empty(),
                        Instant.parse("2026-11-01T10:00:00Z"),
                        revision,
                        durability,
                        readOnlyFallback,
                        List.of(),
                        Optional.empty(),
                        new Isolation(IsolationPolicy.Fence, List.of(), "the primary goes on"),
                        List.of(new InstanceView.Member(id + "-m1", "primary", "127.0.0.1", 5431)));
        instances.put(id, view);
        return view;
    }

    @Override
    public String stop(String id) {
        return operations.begin("StopInstance", get(id).id());
    }

    @Override
    public String fence(String id) {
        return operations.begin("FenceInstance", get(id).id());
    }

    @Override
    public String unfence(String id) {
        return operations.begin("UnfenceInstance", get(id).id());
    }

    @Override
    public String start(String id) {
        throw new LaneTaken("instance " + get(id).id(), "op-0042");
    }

    @Override
    public String restart(String id) {
        return operations.begin("RestartInstance", get(id).id());
    }

    @Override
    public String delete(String id, boolean keepBackups) {
        return operations.begin("DeleteInstance", get(id).id());
    }

    @Override
    public InstanceView update(String id, Change change, Optional<Long> revision) {
        InstanceView now = get(id);
        return put(
                id,
                change.deletionProtection().orElse(now.deletionProtection()),
                now.revision() + 1,
                change.durability().map(Durability::valueOf).orElse(now.durability()),
                change.readOnlyFallback().orElse(now.readOnlyFallback()));
    }

    @Override
    public InstanceView get(String id) {
        InstanceView view = instances.get(id);
        if (view == null) {
            throw Refused.notFound("instance", id);
        }
        return withReplicas(view);
    }

    private InstanceView withReplicas(InstanceView view) {
        List<ReplicaView> there = replicas.list(view.id());
        return new InstanceView(
                view.id(),
                view.state(),
                view.health(),
                view.postgresVersion(),
                view.size(),
                view.term(),
                view.primary(),
                view.host(),
                view.region(),
                view.availabilityZone(),
                view.endpoint(),
                view.owner(),
                view.database(),
                view.deletionProtection(),
                view.operation(),
                view.failure(),
                view.createdAt(),
                view.revision(),
                view.durability(),
                view.readOnlyFallback(),
                there,
                there.stream()
                        .findFirst()
                        .map(
                                best ->
                                        new InstanceView.FailoverRisk(
                                                Optional.of(best.id()),
                                                best.lagBytes(),
                                                best.id() + " would take over")),
                view.isolation(),
                view.members());
    }

    @Override
    public List<InstanceView> list(int limit, Optional<String> after) {
        return instances.values().stream()
                .filter(view -> view.id().compareTo(after.orElse("")) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Login login(String id) {
        return new Login(
                "app",
                new Secret(PASSWORD),
                "app",
                get(id).endpoint().orElseThrow(),
                "-----BEGIN CERTIFICATE-----");
    }
}
