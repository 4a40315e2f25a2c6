package dev.toygres.server.fakes;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.ParameterCategory;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ParameterType;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.parameter.Parameters;
import dev.toygres.orchestrations.parameter.ParametersView;
import dev.toygres.store.ParameterChangeRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A desk for parameters that knows work_mem. */
public final class FakeParameters implements Parameters {
    public static final ParameterDefinition WORK_MEM =
            new ParameterDefinition(
                    "work_mem",
                    ParameterCategory.Dynamic,
                    ParameterType.Integer,
                    Optional.of("kB"),
                    Optional.of("4096"),
                    Optional.of("64"),
                    Optional.of("2147483647"),
                    List.of(),
                    "Sets the maximum memory to be used for query workspaces.",
                    "Resource Usage / Memory");

    private final FakeOperations operations;
    private final ConcurrentLinkedDeque<ParameterChangeRow> changes = new ConcurrentLinkedDeque<>();
    public final ConcurrentLinkedDeque<NewParameters> wishes = new ConcurrentLinkedDeque<>();

    public FakeParameters(FakeOperations operations) {
        this.operations = operations;
    }

    @Override
    public ParametersView get(String instanceId) {
        return new ParametersView(
                instanceId,
                "15",
                1,
                Optional.empty(),
                List.of(
                        new ParametersView.One(
                                WORK_MEM,
                                Optional.of("4MB"),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                "default",
                                Optional.empty())),
                List.of());
    }

    @Override
    public ParameterDefinition describe(String name, Optional<String> version) {
        if (!name.equals(WORK_MEM.name())) {
            throw Refused.notFound("parameter", name);
        }
        return WORK_MEM;
    }

    @Override
    public ParameterPlan plan(String instanceId, NewParameters wish) {
        wishes.addFirst(wish);
        List<FieldFault> faults =
                wish.values().keySet().stream()
                        .filter(name -> !name.equals(WORK_MEM.name()))
                        .map(name -> new FieldFault("parameters." + name, "is no parameter"))
                        .toList();
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return new ParameterPlan(List.of(), List.of(), List.of(), 0);
    }

    @Override
    public String set(String instanceId, NewParameters wish) {
        plan(instanceId, wish);
        String id = operations.begin("SetParameters", instanceId);
        changes.addFirst(
                new ParameterChangeRow(
                        id,
                        instanceId,
                        ChangeState.Applied,
                        ApplyMode.Immediate,
                        Optional.empty(),
                        "set",
                        wish.who(),
                        wish.reason(),
                        new ParameterRequest(
                                wish.values(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty()),
                        Optional.empty(),
                        Optional.empty(),
                        Instant.parse("2026-11-01T10:00:00Z"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        return id;
    }

    @Override
    public ParameterPlan planResize(String instanceId, Size size) {
        return new ParameterPlan(List.of(), List.of(), List.of(), 0);
    }

    @Override
    public String resize(String instanceId, Size size, String who) {
        return operations.begin("SetParameters", instanceId);
    }

    @Override
    public List<ParameterChangeRow> changes(String instanceId, int limit, Optional<String> before) {
        return changes.stream().limit(limit).toList();
    }

    @Override
    public ParameterChangeRow change(String instanceId, String changeId) {
        return changes.stream()
                .filter(one -> one.id().equals(changeId))
                .findFirst()
                .orElseThrow(() -> Refused.notFound("change", changeId));
    }

    @Override
    public void cancel(String instanceId, String changeId) {
        change(instanceId, changeId);
        throw Refused.conflict("not-scheduled", "change " + changeId + " is Applied");
    }

    @Override
    public ParameterPlan planRevert(String instanceId, String changeId, NewParameters wish) {
        change(instanceId, changeId);
        return plan(instanceId, wish);
    }

    @Override
    public String revert(String instanceId, String changeId, NewParameters wish) {
        change(instanceId, changeId);
        return set(instanceId, wish);
    }
}
