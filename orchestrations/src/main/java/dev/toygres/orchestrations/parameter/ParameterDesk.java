package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Drift;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StartRequest;
import dev.toygres.model.InstanceState;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterCheck;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ProfileChoice;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.Lanes;
import dev.toygres.orchestrations.OperationIds;
import dev.toygres.orchestrations.Topology;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The desk for parameters, on the catalogue: a wish is checked whole before it is written down. */
public final class ParameterDesk implements Parameters {
    private final Catalogue catalogue;
    private final Lanes lanes;
    private final Operations operations;
    private final Agents agents;
    private final Observations seen;
    private final PendingChanges pending;
    private final InstantSource clock;

    public ParameterDesk(
            Catalogue catalogue,
            Lanes lanes,
            Operations operations,
            Agents agents,
            Observations seen,
            PendingChanges pending,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.lanes = lanes;
        this.operations = operations;
        this.agents = agents;
        this.seen = seen;
        this.pending = pending;
        this.clock = clock;
    }

    // ---- reading ----

    @Override
    public ParametersView get(String instanceId) {
        Topology topology = topology(instanceId);
        pending.settle(topology);
        return ParameterShow.of(
                topology,
                catalogue.jdbi().withHandle(handle -> ParameterStore.agreed(handle, instanceId)),
                new Sources(agents));
    }

    @Override
    public ParameterDefinition describe(String name, Optional<String> version) {
        HostAndMajor where = where(version);
        Map<String, ParameterDefinition> all =
                new Sources(agents).with(where.hostId(), where.major(), library(name));
        return Optional.ofNullable(all.get(ParameterCheck.spelled(name, all)))
                .orElseThrow(() -> Refused.notFound("parameter", name));
    }

    /** An extension's parameters are there once its library is loaded, which has its name. */
    private static String library(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*\\..+")
                ? name.substring(0, name.indexOf('.'))
                : "";
    }

    private record HostAndMajor(String hostId, int major) {}

    private HostAndMajor where(Optional<String> version) {
        List<HostAndMajor> there =
                catalogue.jdbi().withHandle(HostStore::list).stream()
                        .filter(HostRow::reachable)
                        .flatMap(
                                host ->
                                        Room.status(host).stream()
                                                .flatMap(
                                                        status ->
                                                                status
                                                                        .postgresVersions()
                                                                        .keySet()
                                                                        .stream()
                                                                        .map(
                                                                                major ->
                                                                                        new HostAndMajor(
                                                                                                host
                                                                                                        .id(),
                                                                                                major))))
                        .sorted(Comparator.comparingInt(HostAndMajor::major).reversed())
                        .toList();
        return there.stream()
                .filter(one -> version.isEmpty() || version.get().equals("" + one.major()))
                .findFirst()
                .orElseThrow(
                        () ->
                                Refused.fields(
                                        List.of(
                                                new FieldFault(
                                                        "version",
                                                        "no host that answers has Postgres "
                                                                + version.orElse(
                                                                        "of any version")))));
    }

    // ---- changing ----

    @Override
    public ParameterPlan plan(String instanceId, NewParameters wish) {
        return draft(topology(instanceId), wish).plan();
    }

    @Override
    public String set(String instanceId, NewParameters wish) {
        Topology topology = topology(instanceId);
        requireRunning(topology);
        Draft draft = draft(topology, wish);
        return start(
                instanceId,
                draft.request(),
                WishFields.mode(wish),
                wish.at(),
                WishFields.cause(wish),
                wish.who(),
                wish.reason());
    }

    @Override
    public ParameterPlan planResize(String instanceId, Size size) {
        return resized(topology(instanceId), size).plan();
    }

    @Override
    public String resize(String instanceId, Size size, String who) {
        Topology topology = topology(instanceId);
        requireRunning(topology);
        return start(
                instanceId,
                resized(topology, size).request(),
                ApplyMode.Immediate,
                Optional.empty(),
                "resize",
                who,
                Optional.of("%s, was %s".formatted(size, topology.instance().size())));
    }

    private Draft resized(Topology topology, Size size) {
        look(topology);
        return draft(topology, ParameterRequest.resize(size), ApplyMode.Immediate);
    }

    private void look(Topology topology) {
        seen.refresh(agents, topology.members().map(MemberRow::hostId).toList());
    }

    private Draft draft(Topology topology, NewParameters wish) {
        WishFields.check(wish, clock.instant());
        look(topology);
        ParameterRequest request = request(topology, wish);
        return draft(topology, request, WishFields.mode(wish));
    }

    private Draft draft(Topology topology, ParameterRequest request, ApplyMode mode) {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                Draft.of(
                                        handle,
                                        topology,
                                        seen,
                                        new Sources(agents),
                                        request,
                                        mode));
    }

    private ParameterRequest request(Topology topology, NewParameters wish) {
        Map<String, Optional<String>> values = new HashMap<>();
        if (wish.drift().equals(Optional.of("Adopt"))) {
            drift(topology.placedPrimary())
                    .forEach(one -> values.put(one.name(), Optional.of(one.value())));
        }
        values.putAll(wish.values());
        return new ParameterRequest(
                values,
                wish.profile().map(one -> choice(topology, one)),
                Optional.empty(),
                undrift(topology, wish, values),
                Optional.empty());
    }

    /**
     * On any member. Whoever names a parameter wants that value, and not what ALTER SYSTEM left.
     */
    private List<String> undrift(
            Topology topology, NewParameters wish, Map<String, Optional<String>> values) {
        if (wish.drift().isEmpty() && values.isEmpty()) {
            return List.of();
        }
        return topology.members()
                .flatMap(member -> drift(member).stream())
                .map(Drift::name)
                .distinct()
                .filter(
                        name ->
                                wish.drift().isPresent()
                                        || values.keySet().stream()
                                                .anyMatch(name::equalsIgnoreCase))
                .toList();
    }

    private List<Drift> drift(MemberRow member) {
        return new Sources(agents).running(member).map(MemberParameters::drift).orElse(List.of());
    }

    private ProfileChoice choice(Topology topology, NewParameters.NewProfile wish) {
        return FirstParameters.choice(
                wish,
                topology.instance().size(),
                catalogue
                        .jdbi()
                        .withHandle(
                                handle -> HostStore.find(handle, topology.placedPrimary().hostId()))
                        .flatMap(Room::status));
    }

    private String start(
            String instanceId,
            ParameterRequest request,
            ApplyMode mode,
            Optional<Instant> at,
            String cause,
            String who,
            Optional<String> reason) {
        String id = OperationIds.next(clock);
        ParameterChangeRow row =
                new ParameterChangeRow(
                        id,
                        instanceId,
                        at.isPresent() ? ChangeState.Scheduled : ChangeState.Applying,
                        mode,
                        at,
                        cause,
                        who,
                        reason,
                        request,
                        Optional.empty(),
                        Optional.empty(),
                        clock.instant(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return lanes.afterHousekeeping(instanceId, () -> tryStart(row));
    }

    private String tryStart(ParameterChangeRow row) {
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            InstanceRow instance = InstanceStore.lock(handle, row.instanceId());
                            if (row.applyAt().isEmpty()) {
                                lanes.refuseWhileBusy(instance.id());
                            }
                            ParameterStore.add(handle, row);
                            begin(handle, row);
                            return row.id();
                        });
    }

    /** One that waits for its time takes the lane then. */
    private void begin(Handle handle, ParameterChangeRow row) {
        operations.start(
                handle.getConnection(),
                new StartRequest<>(
                        row.id(),
                        ParameterFlows.SET,
                        new ParameterInput(row.instanceId(), row.applyAt()),
                        Optional.of(row.instanceId()),
                        row.applyAt().isPresent()
                                ? Optional.empty()
                                : Optional.of(Lanes.of(row.instanceId()))));
    }

    private static void requireRunning(Topology topology) {
        if (topology.instance().state() != InstanceState.Running) {
            throw Refused.conflict(
                    "wrong-state",
                    "instance %s is %s; it must be Running"
                            .formatted(topology.instance().id(), topology.instance().state()));
        }
    }

    // ---- what was, and what is to come ----

    @Override
    public List<ParameterChangeRow> changes(String instanceId, int limit, Optional<String> before) {
        pending.settle(topology(instanceId));
        return catalogue
                .jdbi()
                .withHandle(handle -> ParameterStore.list(handle, instanceId, limit, before));
    }

    @Override
    public ParameterChangeRow change(String instanceId, String changeId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> ParameterStore.find(handle, changeId))
                .filter(row -> row.instanceId().equals(instanceId))
                .orElseThrow(() -> Refused.notFound("change", changeId));
    }

    @Override
    public void cancel(String instanceId, String changeId) {
        ParameterChangeRow row = change(instanceId, changeId);
        if (row.state() != ChangeState.Scheduled || !operations.cancel(changeId)) {
            throw Refused.conflict(
                    "not-scheduled",
                    "change %s is %s; only one that waits for its time can be withdrawn"
                            .formatted(changeId, row.state()));
        }
    }

    @Override
    public ParameterPlan planRevert(String instanceId, String changeId, NewParameters wish) {
        return reverted(topology(instanceId), changeId, wish).plan();
    }

    @Override
    public String revert(String instanceId, String changeId, NewParameters wish) {
        Topology topology = topology(instanceId);
        Draft draft = reverted(topology, changeId, wish);
        requireRunning(topology);
        return start(
                instanceId,
                draft.request(),
                WishFields.mode(wish),
                wish.at(),
                "revert",
                wish.who(),
                Optional.of(
                        "back to before "
                                + changeId
                                + wish.reason().map(words -> ": " + words).orElse("")));
    }

    private Draft reverted(Topology topology, String changeId, NewParameters wish) {
        WishFields.checkMode(wish, clock.instant());
        ParameterChangeRow row = change(topology.instance().id(), changeId);
        if (row.request().size().isPresent()) {
            throw Refused.conflict(
                    "was-a-resize",
                    "change %s was a resize: resize %s to the former size instead"
                            .formatted(changeId, row.instanceId()));
        }
        boolean made = row.state() == ChangeState.Applied || row.state() == ChangeState.Pending;
        if (!made || row.before().isEmpty()) {
            throw Refused.conflict(
                    "never-applied",
                    "change %s is %s; there is nothing to go back from"
                            .formatted(changeId, row.state()));
        }
        look(topology);
        return draft(topology, ParameterRequest.whole(row.before().get()), WishFields.mode(wish));
    }

    private Topology topology(String instanceId) {
        return catalogue
                .jdbi()
                .withHandle(handle -> Topology.find(handle, instanceId))
                .orElseThrow(() -> Refused.notFound("instance", instanceId));
    }
}
