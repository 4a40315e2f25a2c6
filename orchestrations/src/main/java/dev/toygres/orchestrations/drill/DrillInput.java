package dev.toygres.orchestrations.drill;

import java.util.List;
import java.util.Optional;

/**
 * What a drill is given.
 *
 * @param queries whose rows are summed, by the owner of the database
 * @param goalTimeMs from the request to the first query, at most
 * @param goalAgeMs what was written within so long before may be missing
 */
public record DrillInput(
        String instanceId,
        String repositoryId,
        List<String> queries,
        Optional<Long> goalTimeMs,
        Optional<Long> goalAgeMs) {
    public DrillInput {
        queries = List.copyOf(queries);
    }
}
