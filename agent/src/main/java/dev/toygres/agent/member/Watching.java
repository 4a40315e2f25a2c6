package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.Order.WatchMember;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** How the server wants a member to be checked, and how long a dead primary is left to it. */
record Watching(
        Duration interval,
        Duration timeout,
        Optional<String> customCheck,
        boolean customCheckCounts,
        String database,
        Duration holdBack) {
    private static final JsonMapper JSON = AgentJson.mapper();

    /** Until the server has said something. */
    static final Watching USUAL =
            new Watching(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Optional.empty(),
                    false,
                    "postgres",
                    Duration.ZERO);

    static Watching of(WatchMember order) {
        return new Watching(
                order.interval(),
                order.timeout(),
                order.customCheck(),
                order.customCheckCounts(),
                order.database(),
                order.holdBack());
    }

    /** Only a query of the owner's own needs the owner's database. */
    String place() {
        return customCheck.isPresent() ? database : "postgres";
    }

    void writeTo(Path file) {
        Durable.write(file, JSON.writeValueAsString(this));
    }

    static Watching readFrom(Path file) {
        try {
            return Durable.read(file)
                    .map(text -> JSON.readValue(text, Watching.class))
                    .orElse(USUAL);
        } catch (JacksonException unreadable) {
            return USUAL;
        }
    }
}
