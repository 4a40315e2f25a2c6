package dev.toygres.orchestrations.replica;

import dev.toygres.model.ReplicaState;
import dev.toygres.model.ReplicationMode;
import dev.toygres.model.Size;
import java.util.Optional;

/**
 * A replica as it was last seen.
 *
 * @param lagBytes what the primary wrote and it has not received; empty when nobody knows
 * @param lagMs age of what its queries see; 0 when it has replayed everything
 * @param trouble what is wrong with it, in words
 */
public record ReplicaView(
        String id,
        ReplicaState state,
        ReplicationMode mode,
        Size size,
        Optional<Long> lagMs,
        Optional<Long> lagBytes,
        Optional<Long> maxLagBytes,
        boolean promotable,
        int priority,
        String host,
        String region,
        String availabilityZone,
        Optional<String> trouble) {}
