package dev.toygres.orchestrations.health;

import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.model.health.Decision;
import dev.toygres.model.health.PrimarySight;
import dev.toygres.model.health.Situation;
import dev.toygres.orchestrations.alert.Alarms;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HealthStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is written, and who is told, when a decision is another one than before. */
final class Decisions {
    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
    private static final String ACTION = "auto-failover";
    private static final String CALM = "Nothing/Well";

    private final Catalogue catalogue;
    private final Map<String, String> last = new ConcurrentHashMap<>();

    Decisions(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    boolean isCalm(String id) {
        return last.getOrDefault(id, "").equals(CALM);
    }

    boolean isNews(Roster roster, Situation now, Decision decision) {
        return !shape(now, decision).equals(last.get(roster.topology().instance().id()));
    }

    void forget(String id) {
        last.remove(id);
    }

    private static String shape(Situation now, Decision decision) {
        String kind = decision.getClass().getSimpleName();
        String sight = now.primary().getClass().getSimpleName();
        return now.primary() instanceof PrimarySight.Well
                ? kind + "/" + sight
                : kind + "/" + sight + "/" + decision.why().replaceAll("[0-9.:]+", "#");
    }

    /**
     * R3.55: also what is not done; one line for each change, not for each look. It counts as said
     * once it is written: what a catalogue that was away did not take is written at the next look.
     */
    void note(Roster roster, Situation now, Decision decision, Optional<String> operation) {
        String id = roster.topology().instance().id();
        String shape = shape(now, decision);
        // A server that has just begun does not tell that all is well.
        boolean silently = shape.equals(CALM) && !last.containsKey(id);
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            if (silently) {
                                resolve(handle, id);
                            } else {
                                write(handle, id, now, decision, operation);
                            }
                        });
        last.put(id, shape);
    }

    private static void write(
            Handle handle,
            String id,
            Situation now,
            Decision decision,
            Optional<String> operation) {
        String kind = decision.getClass().getSimpleName();
        LOG.info("instance {}: {} because {}", id, kind, decision.why());
        HealthStore.decided(handle, id, kind, decision.why(), Evidence.of(now), operation);
        HealthStore.audit(handle, id, ACTION, kind, decision.why(), operation);
        switch (decision) {
            case Decision.AlertOnly alert -> raise(handle, id, alert.why());
            case Decision.Ask ask ->
                    raise(
                            handle,
                            id,
                            ask.why()
                                    + operation
                                            .map("; to force it: toygres operation show "::concat)
                                            .orElse(""));
            case Decision.Restart restart -> raise(handle, id, restart.why());
            case Decision.FailOver _ -> resolve(handle, id);
            case Decision.Nothing _ -> {
                if (now.primary() instanceof PrimarySight.Well) {
                    resolve(handle, id);
                }
            }
        }
    }

    private static void raise(Handle handle, String id, String why) {
        Alarms.raise(
                handle,
                Alert.ofInstance(
                        AlertSeverity.Critical,
                        AlertKind.NoAutomaticFailover,
                        id,
                        "%s does not fail over by itself: %s. See toygres auto-failover status %s."
                                .formatted(id, why, id)));
    }

    private static void resolve(Handle handle, String id) {
        Alarms.resolve(handle, AlertKind.NoAutomaticFailover + "/" + id);
    }
}
