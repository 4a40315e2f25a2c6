package dev.toygres.agent.job;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.OrderEnvelope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.json.JsonMapper;

/** The fences of all subjects, durable before an order is begun. */
final class Fences {
    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path directory;
    private final Map<String, Fence> known = new ConcurrentHashMap<>();
    private final AtomicLong highest = new AtomicLong();

    Fences(Path directory) {
        this.directory = directory;
        subjects().stream().map(this::read).forEach(this::count);
    }

    private List<String> subjects() {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .toList();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + directory, cause);
        }
    }

    /** The newest token that was ever let in, for whatever subject. */
    long highestToken() {
        return highest.get();
    }

    private void count(Fence fence) {
        highest.accumulateAndGet(fence.highestToken(), Math::max);
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
        count(fence);
        Durable.write(file(fence.subject()), JSON.writeValueAsString(fence));
        return fence;
    }

    private Path file(String subject) {
        return directory.resolve(subject + SUFFIX);
    }
}
