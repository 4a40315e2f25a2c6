package dev.toygres.server.edge;

import dev.toygres.store.access.Role;
import java.util.Optional;
import org.springframework.web.util.pattern.PathPattern;

/**
 * One thing that can be asked of the server.
 *
 * @param summary what it does, for the OpenAPI
 * @param action what the audit log calls it
 * @param least the role that it needs at least; empty: open to everybody
 * @param audited whether it changes something or shows a secret
 * @param secretAnswer whether its answer holds a secret, which must be kept nowhere
 */
public record Call(
        String method,
        PathPattern path,
        String action,
        String summary,
        Optional<Role> least,
        boolean audited,
        boolean secretAnswer) {

    /** Whether it changes something. */
    public boolean mutates() {
        return !method.equals("GET");
    }
}
