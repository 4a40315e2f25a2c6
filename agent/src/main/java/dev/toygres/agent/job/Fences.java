package dev.toygres.agent.job;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.OrderEnvelope;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.json.JsonMapper;

/** The fences of all subjects, durable before an order is begun. */
final class Fences {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path directory;
    private final Map<String, Fence> known = new ConcurrentHashMap<>();

    Fences(Path directory) {
        this.directory = directory;
    }

    /** Lets the order in, and from now on none that is older; or says why not. */
    Optional<String> admit(OrderEnvelope envelope) {
        var objection = new String[1];
        known.compute(
                envelope.subject(),
                (subject, held) -> {
                    var fence = held == null ? read(subject) : held;
                    objection[0] = objection(fence, envelope).orElse("");
                    return objection[0].isEmpty() ? raise(fence, envelope) : fence;
                });
        return Optional.of(objection[0]).filter(words -> !words.isEmpty());
    }

    /** The tombstone. */
    void destroyed(OrderEnvelope envelope) {
        known.computeIfPresent(
                envelope.subject(), (_, fence) -> written(fence.destroyed(envelope.token())));
    }

    private static Optional<String> objection(Fence fence, OrderEnvelope envelope) {
        return fence.objection(
                envelope.lane(),
                Terms.isHarmless(envelope.order()) ? Long.MAX_VALUE : envelope.token(),
                Terms.of(envelope.order()),
                Terms.creates(envelope.order()),
                Terms.rebuilds(envelope.order()));
    }

    private Fence raise(Fence fence, OrderEnvelope envelope) {
        var token = Terms.isHarmless(envelope.order()) ? 0 : envelope.token();
        var raised = fence.raised(envelope.lane(), token, Terms.of(envelope.order()));
        return raised.equals(fence) ? fence : written(raised);
    }

    private Fence read(String subject) {
        return Durable.read(file(subject))
                .map(text -> JSON.readValue(text, Fence.class))
                .orElseGet(() -> Fence.none(subject));
    }

    private Fence written(Fence fence) {
        Durable.write(file(fence.subject()), JSON.writeValueAsString(fence));
        return fence;
    }

    private Path file(String subject) {
        return directory.resolve(subject + ".json");
    }
}
