package dev.toygres.orchestrations.alert;

import dev.toygres.store.AlertStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server asks of alerts. */
public interface Alerts {

    /**
     * Newest first.
     *
     * @param before id of an alert to page on from
     */
    List<AlertView> list(AlertStore.Filter filter, int limit, Optional<String> before);

    /** Somebody has seen it; the first one counts, and a resolved one stays as it is. */
    AlertView acknowledge(String id, String who);

    /** How many are unresolved, by {@code severity/state}. */
    Map<String, Long> countUnresolved();
}
