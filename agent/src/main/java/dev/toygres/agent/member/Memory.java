package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.Order.CreateMember;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a member knows of itself, kept beside its data and not inside (S11): pg_basebackup,
 * pg_rewind and restores copy everything inside. Tokens stand in {@code fences/}, because they must
 * survive the member.
 *
 * @param systemIdentifier of the data that belongs to this memory; other data is never started
 * @param electorate members whose vouchers keep a primary's lease; empty needs none
 */
record Memory(
        MemberId memberId,
        InstanceId instanceId,
        String systemIdentifier,
        long term,
        Role role,
        List<MemberId> electorate,
        boolean leaseRequired,
        Stage stage,
        Desired desired,
        int postgresMajor,
        int port,
        Map<String, String> settings) {

    private static final JsonMapper JSON = AgentJson.mapper();

    /** What the last order made it. */
    enum Role {
        Primary
    }

    /** Making until roles and database are complete. */
    enum Stage {
        Making,
        Ready
    }

    /** What the last order wished. */
    enum Desired {
        Running,
        Stopped
    }

    Memory {
        electorate = List.copyOf(electorate);
        settings = Map.copyOf(settings);
    }

    static Memory of(CreateMember order, String systemIdentifier, int port) {
        return new Memory(
                order.memberId(),
                order.instanceId(),
                systemIdentifier,
                order.term(),
                Role.Primary,
                List.of(),
                false,
                Stage.Making,
                Desired.Running,
                order.postgresMajor(),
                port,
                order.settings());
    }

    Memory ready() {
        return with(term, Stage.Ready, Desired.Running, settings);
    }

    Memory wishing(Desired wished, long newTerm) {
        return with(newTerm, stage, wished, settings);
    }

    Memory with(Map<String, String> newSettings) {
        return with(term, stage, desired, newSettings);
    }

    private Memory with(
            long newTerm, Stage newStage, Desired wished, Map<String, String> newSettings) {
        return new Memory(
                memberId,
                instanceId,
                systemIdentifier,
                newTerm,
                role,
                electorate,
                leaseRequired,
                newStage,
                wished,
                postgresMajor,
                port,
                newSettings);
    }

    void writeTo(Path file) {
        Durable.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }

    /** Empty when there is none, or none that can be read: then the member starts as nothing. */
    static Optional<Memory> readFrom(Path file) {
        try {
            return Durable.read(file).map(text -> JSON.readValue(text, Memory.class));
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
