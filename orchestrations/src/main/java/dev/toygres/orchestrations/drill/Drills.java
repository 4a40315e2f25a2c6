package dev.toygres.orchestrations.drill;

import dev.toygres.store.backup.DrillStore;
import java.util.List;
import java.util.Optional;

/** The desk for restore drills. */
public interface Drills {
    /** Answers the id of the operation. */
    String start(String instanceId, DrillWish wish);

    /** Newest first. */
    List<DrillStore.Row> list(String instanceId, int limit, Optional<String> before);

    DrillStore.Plan plan(String instanceId, DrillWish wish);

    DrillStore.Plan plan(String instanceId);

    void unplan(String instanceId);
}
