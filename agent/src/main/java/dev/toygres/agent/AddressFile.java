package dev.toygres.agent;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Ports;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.model.HostId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** hosts/ID/agent.json: where the agent listens, for whoever starts things on this machine. */
record AddressFile(Path file) {
    private static final JsonMapper JSON = AgentJson.mapper();

    private record Content(HostId hostId, String host, int port, long pid, Instant startedAt) {}

    /** The wished port, else that of the last start, else a free one. */
    Address choose(AgentOptions options, Ports ports) {
        if (options.port() != 0) {
            return new Address(options.bind(), options.port());
        }
        var port = lastPort().orElseGet(ports::free);
        ports.reserve(port);
        return new Address(options.bind(), port);
    }

    private Optional<Integer> lastPort() {
        return Durable.read(file).map(text -> JSON.readValue(text, Content.class).port());
    }

    void write(HostId hostId, Address address, long pid, Instant startedAt) {
        var content = new Content(hostId, address.host(), address.port(), pid, startedAt);
        Durable.write(file, JSON.writeValueAsString(content));
    }
}
