package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.BackupOrder.RestoreMember;
import dev.toygres.agentapi.Order.CreateMember;
import dev.toygres.agentapi.Order.CreateReplica;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a member knows of itself, kept beside its data and not inside (S11): pg_basebackup,
 * pg_rewind and restores copy everything inside. Tokens stand in {@code fences/}, because they must
 * survive the member.
 *
 * @param systemIdentifier of the data that belongs to this memory; other data is never started;
 *     empty until a replica has been cloned
 * @param electorate members whose vouchers keep a primary's lease; none needs no lease
 * @param upstream of a standby; a primary that still has one has not finished its promotion
 * @param sync whom commits wait for while this is primary
 */
record Memory(
        MemberId memberId,
        InstanceId instanceId,
        String systemIdentifier,
        long term,
        Role role,
        Electorate electorate,
        Stage stage,
        Desired desired,
        int postgresMajor,
        int port,
        Map<String, String> settings,
        Optional<Following> upstream,
        SyncList sync) {

    private static final JsonMapper JSON = AgentJson.mapper();

    /** What the last order made it. */
    enum Role {
        Primary,
        Standby,
        /** Is not started at all, until it is taken back or becomes a standby. */
        Fenced
    }

    /** How complete the data is. */
    enum Stage {
        /** Until roles and database, or the clone, are complete. */
        Making,
        Ready,
        /** A restore is at work: if it is cut short, it is begun anew. */
        Restoring,
        /** pg_rewind is at work: if it is cut short, only a fresh clone helps. */
        Rewinding
    }

    /** What the last order wished. */
    enum Desired {
        Running,
        Stopped
    }

    Memory {
        settings = Map.copyOf(settings);
    }

    static Memory of(CreateMember order, String systemIdentifier, int port) {
        return new Memory(
                order.memberId(),
                order.instanceId(),
                systemIdentifier,
                order.term(),
                Role.Primary,
                Electorate.NONE,
                Stage.Making,
                Desired.Running,
                order.postgresMajor(),
                port,
                order.settings(),
                Optional.empty(),
                SyncList.NONE);
    }

    static Memory of(CreateReplica order, int port) {
        return new Memory(
                order.memberId(),
                order.instanceId(),
                "",
                order.term(),
                Role.Standby,
                Electorate.NONE,
                Stage.Making,
                Desired.Running,
                order.postgresMajor(),
                port,
                order.settings(),
                Optional.of(Following.of(order.upstream(), order.term())),
                SyncList.NONE);
    }

    static Memory of(RestoreMember order, int port) {
        return new Memory(
                order.memberId(),
                order.instanceId(),
                "",
                order.term(),
                Role.Primary,
                Electorate.NONE,
                Stage.Restoring,
                Desired.Running,
                order.postgresMajor(),
                port,
                order.settings(),
                Optional.empty(),
                SyncList.NONE);
    }

    boolean is(Role wanted) {
        return role == wanted;
    }

    Memory ready() {
        return with(systemIdentifier, Stage.Ready, Desired.Running, settings);
    }

    Memory at(Stage next) {
        return with(systemIdentifier, next, desired, settings);
    }

    Memory wishing(Desired wished, long newTerm) {
        return inTerm(newTerm).with(systemIdentifier, stage, wished, settings);
    }

    Memory with(Map<String, String> newSettings) {
        return with(systemIdentifier, stage, desired, newSettings);
    }

    /** Of a server of its own beside this member, with nobody to follow or to wait for. */
    Memory scratch(int otherPort, Map<String, String> newSettings) {
        return new Memory(
                memberId,
                instanceId,
                systemIdentifier,
                term,
                Role.Primary,
                Electorate.NONE,
                stage,
                desired,
                postgresMajor,
                otherPort,
                newSettings,
                Optional.empty(),
                SyncList.NONE);
    }

    Memory ofSystem(String identifier) {
        return with(identifier, stage, desired, settings);
    }

    Memory inTerm(long newTerm) {
        return as(role, newTerm, upstream, sync);
    }

    Memory following(Following next) {
        return as(Role.Standby, next.term(), Optional.of(next), sync).keptBy(Electorate.NONE);
    }

    /** Who votes is only a primary's to know; whoever becomes another thing forgets it. */
    Memory keptBy(Electorate next) {
        return new Memory(
                memberId,
                instanceId,
                systemIdentifier,
                term,
                role,
                next,
                stage,
                desired,
                postgresMajor,
                port,
                settings,
                upstream,
                sync);
    }

    /** Whether it may only run while it holds a lease (S2). */
    boolean needsLease() {
        return role == Role.Primary && electorate.needsLease();
    }

    Memory gatedBy(SyncList next, long newTerm) {
        return as(role, newTerm, upstream, next);
    }

    /** Still with its upstream: until it is promoted, it is a standby in all but name. */
    Memory promoting(SyncList next, long newTerm) {
        return as(Role.Primary, newTerm, upstream, next)
                .keptBy(role == Role.Primary ? electorate : Electorate.NONE)
                .with(systemIdentifier, stage, Desired.Running, settings);
    }

    /**
     * S1: whether it has followed another primary of that term. A term has one primary: whoever
     * would make this one another has forgotten the first, as a catalogue from a backup has.
     */
    boolean hasFollowedIn(long ofTerm) {
        return role == Role.Standby && upstream.filter(one -> one.term() == ofTerm).isPresent();
    }

    Memory promoted() {
        return as(Role.Primary, term, Optional.empty(), sync);
    }

    Memory fenced(long newTerm) {
        return as(Role.Fenced, newTerm, upstream, sync)
                .with(systemIdentifier, stage, Desired.Stopped, settings);
    }

    /** A standby that somebody promoted: never started again as it is, and not by order. */
    Memory disowned() {
        return as(Role.Fenced, term, upstream, sync);
    }

    boolean isDisowned() {
        return role == Role.Fenced && desired == Desired.Running;
    }

    Memory unfenced(long newTerm) {
        return as(Role.Primary, newTerm, Optional.empty(), sync)
                .with(systemIdentifier, stage, Desired.Running, settings);
    }

    private Memory as(Role next, long newTerm, Optional<Following> from, SyncList list) {
        return new Memory(
                memberId,
                instanceId,
                systemIdentifier,
                newTerm,
                next,
                electorate,
                stage,
                desired,
                postgresMajor,
                port,
                settings,
                from,
                list);
    }

    private Memory with(
            String identifier, Stage newStage, Desired wished, Map<String, String> newSettings) {
        return new Memory(
                memberId,
                instanceId,
                identifier,
                term,
                role,
                electorate,
                newStage,
                wished,
                postgresMajor,
                port,
                newSettings,
                upstream,
                sync);
    }

    void writeTo(Path file) {
        Durable.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }

    /**
     * Before there were leases, the electorate was a list, and always empty; and the term of the
     * primary that is followed was not noted.
     */
    private static Memory read(JsonNode tree) {
        if (tree.path("upstream") instanceof ObjectNode from && !from.has("term")) {
            from.put("term", 0);
        }
        if (tree instanceof ObjectNode memory && memory.path("electorate").isArray()) {
            memory.remove(List.of("electorate", "leaseRequired"));
            memory.set("electorate", JSON.valueToTree(Electorate.NONE));
        }
        return JSON.treeToValue(tree, Memory.class);
    }

    /** Empty when there is none, or none that can be read: then the member starts as nothing. */
    static Optional<Memory> readFrom(Path file) {
        try {
            return Durable.read(file).map(JSON::readTree).map(Memory::read);
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }
}
