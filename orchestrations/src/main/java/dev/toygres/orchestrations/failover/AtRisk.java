package dev.toygres.orchestrations.failover;

import java.util.List;
import java.util.Optional;

/**
 * What is to be decided when a failover could lose what was acknowledged (D7): the primary is
 * stopped, nobody has been promoted, and nobody has everything for certain.
 *
 * @param silent who has not said what it has; once one of them is back, all are asked again
 * @param furthest the last position that anybody has seen of the old primary
 * @param remark why the last answer was not enough
 */
record AtRisk(
        String instanceId,
        String oldPrimary,
        String why,
        long term,
        String furthest,
        List<String> silent,
        List<Choice> candidates,
        Optional<String> remark,
        List<String> actions,
        String meaning) {
    static final List<String> ACTIONS = List.of("retry", "abandon", "force");

    static final String MEANING =
            "retry: ask everybody again. abandon: the old primary is started again, if it can be."
                    + " force, with acceptDataLossBytes of at least the candidate's bytesAtRisk: it"
                    + " takes over without what it lacks; what nobody has seen is not counted";

    AtRisk with(Optional<String> newRemark) {
        return new AtRisk(
                instanceId,
                oldPrimary,
                why,
                term,
                furthest,
                silent,
                candidates,
                newRemark,
                actions,
                meaning);
    }

    Optional<Choice> of(String memberId) {
        return Choice.of(candidates, memberId);
    }
}
