package dev.toygres.agent.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Objects of a repository by name, through the engine's own way to the store: one place where
 * stores, certificates and credentials are handled.
 */
public final class Objects {
    static final Duration SHORT = Duration.ofMinutes(3);
    static final Duration LONG = Duration.ofDays(3);
    private static final List<String> QUIET =
            List.of("--log-level-console=off", "--log-level-stderr=error");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Engine engine;
    private final Workplace place;

    /** The place has its configuration of objects. */
    Objects(Engine engine, Workplace place) {
        this.engine = engine;
        this.place = place;
    }

    /** An object that is listed. */
    record Entry(long bytes, Instant at) {}

    /** Files below a path, by their names from there on. */
    Map<String, Entry> list(String path) {
        var outcome =
                run(SHORT, "repo-ls", "--output=json", "--recurse", path)
                        .require("the store cannot be listed");
        var found = new TreeMap<String, Entry>();
        for (var one : JSON.readTree(outcome.output()).properties()) {
            if (one.getValue().path("type").asString().equals("file")) {
                found.put(
                        one.getKey(),
                        new Entry(
                                one.getValue().path("size").asLong(),
                                Instant.ofEpochSecond(one.getValue().path("time").asLong())));
            }
        }
        return found;
    }

    Optional<String> get(String name) {
        var outcome = run(SHORT, "repo-get", "--ignore-missing", name);
        if (outcome.code() == 1) {
            return Optional.empty();
        }
        return Optional.of(outcome.require("the store cannot be read").output());
    }

    void put(String name, String content) {
        put(
                name,
                stream -> {
                    try {
                        stream.write(content.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException cause) {
                        // Its own words say more than that the pipe broke.
                        return;
                    }
                });
    }

    /** It is there as a whole or not at all. */
    void put(String name, Consumer<OutputStream> writer) {
        engine.feed(place, place.objects(), LONG, arguments("repo-put", name), writer)
                .require("the store cannot be written");
    }

    /** The reader is given the object; what it leaves is thrown away. */
    <T> T read(String name, Reader<T> reader) {
        var process = engine.start(place, place.objects(), LONG, arguments("repo-get", name));
        try (var stream = process.getInputStream()) {
            process.getOutputStream().close();
            return reader.of(stream);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } finally {
            process.destroyForcibly();
        }
    }

    /** What is done with an object. */
    interface Reader<T> {
        T of(InputStream stream) throws IOException;
    }

    void remove(String name) {
        run(SHORT, "repo-rm", name).require("the store lets nothing be deleted");
    }

    void removeAll(String path) {
        run(LONG, "repo-rm", "--recurse", path).require("the store lets nothing be deleted");
    }

    private Engine.Outcome run(Duration limit, String... command) {
        return engine.run(place, place.objects(), limit, arguments(command));
    }

    private static List<String> arguments(String... command) {
        var all = new ArrayList<>(QUIET);
        all.addAll(List.of(command));
        return all;
    }
}
