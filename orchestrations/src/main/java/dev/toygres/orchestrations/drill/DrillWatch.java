package dev.toygres.orchestrations.drill;

import dev.toygres.model.Refused;
import dev.toygres.store.Catalogue;
import dev.toygres.store.backup.DrillStore;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the drills that are due. Every server looks; what is due is moved on by compare-and-set,
 * so one of them fires. What was missed while nothing ran is run once.
 */
public final class DrillWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DrillWatch.class);

    private final Catalogue catalogue;
    private final DrillDesk desk;
    private final InstantSource clock;

    public DrillWatch(Catalogue catalogue, DrillDesk desk, InstantSource clock) {
        this.catalogue = catalogue;
        this.desk = desk;
        this.clock = clock;
    }

    public void look() {
        Instant now = clock.instant();
        catalogue.jdbi().withHandle(DrillStore::plans).stream()
                .filter(plan -> plan.next().filter(due -> !due.isAfter(now)).isPresent())
                .forEach(plan -> fire(plan, now));
    }

    private void fire(DrillStore.Plan plan, Instant now) {
        try {
            catalogue
                    .jdbi()
                    .useTransaction(
                            handle -> {
                                if (DrillStore.look(handle, plan, now)) {
                                    desk.start(
                                            handle,
                                            plan.instanceId(),
                                            plan.queries(),
                                            plan.goals());
                                }
                            });
        } catch (Refused notNow) {
            LOG.debug("the drill of {} waits: {}", plan.instanceId(), notNow.getMessage());
        }
    }
}
