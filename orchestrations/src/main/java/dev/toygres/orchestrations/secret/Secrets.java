package dev.toygres.orchestrations.secret;

import dev.toygres.model.Secret;
import java.time.Instant;

/** The desk for secrets of users: written, named by others, never shown (D14). */
public interface Secrets {
    /** Answers since when this is its value. */
    Instant put(String name, Secret value);

    /** Since when it has its value. */
    Instant writtenAt(String name);
}
