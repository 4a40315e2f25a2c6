package dev.toygres.orchestrations.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.Secret;
import dev.toygres.store.InstanceRow;

/** Asks an instance a first query as its owner would: the proof that it serves. */
@FunctionalInterface
public interface EndpointQuery {
    void ask(InstanceRow instance, Secret password, EndpointPorts ports) throws Exception;
}
