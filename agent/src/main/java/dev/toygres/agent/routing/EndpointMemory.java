package dev.toygres.agent.routing;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.InstanceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an endpoint is, kept so that a new agent, or a new boot, serves the same ports again.
 *
 * @param readers over which the read-only endpoint balances; without any, the target
 * @param readersOnly not even then: clients wait for a reader
 * @param held nobody gets through until it is opened again
 * @param silence of the agent after which it ends by itself
 */
record EndpointMemory(
        InstanceId instanceId,
        long term,
        EndpointPorts ports,
        Address target,
        List<Address> readers,
        boolean readersOnly,
        String poolerUser,
        boolean held,
        Optional<Duration> silence) {
    private static final JsonMapper JSON = AgentJson.mapper();

    EndpointMemory {
        readers = List.copyOf(readers);
    }

    EndpointMemory heldIn(long newTerm) {
        return new EndpointMemory(
                instanceId,
                newTerm,
                ports,
                target,
                readers,
                readersOnly,
                poolerUser,
                true,
                silence);
    }

    void writeTo(Path file) {
        Durable.write(file, JSON.writeValueAsString(this));
    }

    static Optional<EndpointMemory> readFrom(Path file) {
        return Durable.read(file).map(text -> JSON.readValue(text, EndpointMemory.class));
    }
}
