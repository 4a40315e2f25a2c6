package dev.toygres.orchestrations.failover;

import dev.toygres.model.Refused;
import java.util.List;
import java.util.Optional;

/** The desk for failovers. Every method throws {@link Refused} with all that is wrong. */
public interface Failovers {

    /** Refuses before the primary is touched. Answers the operation id. */
    String start(String instanceId, FailoverWish wish);

    FailoverPlan plan(String instanceId, FailoverWish wish);

    /** Newest first. */
    List<FailoverView> list(String instanceId, int limit, Optional<String> before);

    FailoverView get(String instanceId, String operationId);
}
