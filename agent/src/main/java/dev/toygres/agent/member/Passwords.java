package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.Passphrase;
import dev.toygres.model.Secret;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * Of the roles that only the agent logs in as; kept beside the data, readable by the agent only.
 */
record Passwords(Secret superuser, Secret monitor, Secret replicator) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** On disk; this type is never logged. */
    private record Kept(String superuser, String monitor, String replicator) {}

    /** Those that were kept, else new ones that are kept before they are used. */
    static Passwords in(Path file) {
        return Durable.read(file).map(Passwords::parsed).orElseGet(() -> created(file));
    }

    private static Passwords parsed(String text) {
        var kept = JSON.readValue(text, Kept.class);
        return new Passwords(
                new Secret(kept.superuser()),
                new Secret(kept.monitor()),
                new Secret(kept.replicator()));
    }

    private static Passwords created(Path file) {
        var fresh = new Passwords(Passphrase.random(), Passphrase.random(), Passphrase.random());
        var kept =
                new Kept(
                        fresh.superuser.reveal(),
                        fresh.monitor.reveal(),
                        fresh.replicator.reveal());
        Durable.write(file, JSON.writeValueAsString(kept));
        return fresh;
    }
}
