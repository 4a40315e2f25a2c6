package dev.toygres.orchestrations;

import dev.toygres.orchestrations.endpoint.EndpointFlows;
import dev.toygres.orchestrations.endpoint.EndpointInput;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.parameter.ParameterFlows;
import dev.toygres.orchestrations.parameter.ParameterInput;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import dev.toygres.orchestrations.replica.ReplicaInput;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the watch finds is mended by ordinary operations, seen and fenced as all others. */
public record DeskRecoveries(InstanceDesk instances, Lanes lanes) implements HostWatch.Recoveries {
    @Override
    public void start(String instanceId) {
        instances.recover(instanceId);
    }

    @Override
    public void rejoin(Handle handle, String instanceId, String memberId) {
        lanes.start(
                handle, ReplicaFlows.REJOIN, instanceId, new ReplicaInput(instanceId, memberId));
    }

    @Override
    public void settle(Handle handle, String instanceId) {
        lanes.start(handle, ReplicaFlows.SETTLE, instanceId, new ReplicaInput(instanceId, ""));
    }

    @Override
    public void keep(Handle handle, String instanceId) {
        lanes.start(
                handle,
                ParameterFlows.KEEP,
                instanceId,
                new ParameterInput(instanceId, Optional.empty()));
    }

    @Override
    public void serve(Handle handle, String instanceId) {
        lanes.start(handle, EndpointFlows.MOVE, instanceId, new EndpointInput(instanceId));
    }
}
