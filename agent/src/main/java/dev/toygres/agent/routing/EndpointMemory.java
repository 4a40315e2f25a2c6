package dev.toygres.agent.routing;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.model.InstanceId;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** What an endpoint is, kept so that a new agent, or a new boot, serves the same ports again. */
record EndpointMemory(
        InstanceId instanceId, long term, EndpointPorts ports, Address target, String poolerUser) {
    private static final JsonMapper JSON = AgentJson.mapper();

    void writeTo(Path file) {
        Durable.write(file, JSON.writeValueAsString(this));
    }

    static Optional<EndpointMemory> readFrom(Path file) {
        return Durable.read(file).map(text -> JSON.readValue(text, EndpointMemory.class));
    }
}
