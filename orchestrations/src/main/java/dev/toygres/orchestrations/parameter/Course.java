package dev.toygres.orchestrations.parameter;

import dev.toygres.model.parameter.ParameterPlan.Action;
import java.util.List;

/**
 * What is done to whom, decided once and journalled. The values stand in the catalogue.
 *
 * @param later whether what needs a restart waits for one
 */
record Course(String instanceId, boolean later, List<Stop> stops) {
    Course {
        stops = List.copyOf(stops);
    }

    /** One thing that is done to a member; phases as in the plan. */
    record Stop(String memberId, String hostId, boolean primary, int phase, Action action) {}

    List<Stop> in(int phase) {
        return stops.stream().filter(one -> one.phase() == phase).toList();
    }
}
