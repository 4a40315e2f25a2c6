package dev.toygres.orchestrations.parameter;

import dev.toygres.model.Refused;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.store.ParameterChangeRow;
import java.util.List;
import java.util.Optional;

/** The desk for parameters. */
public interface Parameters {

    /** All parameters of the instance's Postgres, by name. */
    ParametersView get(String instanceId);

    /**
     * @param version a major that a host has; default: the newest
     */
    ParameterDefinition describe(String name, Optional<String> version);

    /**
     * What the wish would do; nothing is changed.
     *
     * @throws Refused with every fault of it
     */
    ParameterPlan plan(String instanceId, NewParameters wish);

    /** Answers the operation, which is also the change. */
    String set(String instanceId, NewParameters wish);

    /** What a resize would do. */
    ParameterPlan planResize(String instanceId, Size size);

    /**
     * Another size: what is derived from it changes on every member that has the instance's size,
     * replicas first, tried and taken back as any change is. Answers the operation.
     */
    String resize(String instanceId, Size size, String who);

    /** Newest first. */
    List<ParameterChangeRow> changes(String instanceId, int limit, Optional<String> before);

    ParameterChangeRow change(String instanceId, String changeId);

    /** Withdraws one that waits for its time. */
    void cancel(String instanceId, String changeId);

    /**
     * What {@link #revert} would do: later changes are taken back with that one.
     *
     * @param wish when, and who asks; it names no parameters
     */
    ParameterPlan planRevert(String instanceId, String changeId, NewParameters wish);

    /** Back to how it was before that change; answers the operation. */
    String revert(String instanceId, String changeId, NewParameters wish);
}
