package dev.toygres.server.fakes;

import dev.toygres.model.Refused;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.secret.Secrets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets in a map. */
public final class FakeSecrets implements Secrets {
    private static final Instant WRITTEN = Instant.parse("2026-11-01T10:00:00Z");
    public final Map<String, Secret> values = new ConcurrentHashMap<>();

    @Override
    public Instant put(String name, Secret value) {
        values.put(name, value);
        return WRITTEN;
    }

    @Override
    public Instant writtenAt(String name) {
        if (!values.containsKey(name)) {
            throw Refused.notFound("secret", name);
        }
        return WRITTEN;
    }
}
