package dev.toygres.orchestrations.parameter;

import dev.toygres.model.parameter.ParameterPlan.Action;
import java.util.List;

/** What is done to whom, decided once and journalled. The values stand in the catalogue. */
record Course(String instanceId, List<Stop> stops) {
    Course {
        stops = List.copyOf(stops);
    }

    /** One thing that is done to a member; phases as in the plan. */
    record Stop(String memberId, String hostId, boolean primary, int phase, Action action) {}

    /** Whether something waits for the primary's next restart. */
    boolean later() {
        return in(2).stream().anyMatch(one -> one.action() == Action.Later);
    }

    /** Whether the primary has all that is agreed when it is over. */
    boolean restartsPrimary() {
        return in(2).stream().anyMatch(one -> one.action() == Action.Restart);
    }

    List<Stop> in(int phase) {
        return stops.stream().filter(one -> one.phase() == phase).toList();
    }
}
