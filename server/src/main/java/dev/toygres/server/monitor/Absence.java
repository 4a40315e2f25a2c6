package dev.toygres.server.monitor;

import java.util.Optional;

/** Whether this server leaves all calls to others for now. */
@FunctionalInterface
public interface Absence {
    /** Why; empty while it takes them. */
    Optional<String> reason();
}
