package dev.toygres.orchestrations.replica;

import dev.toygres.model.Refused;
import java.util.List;

/** The desk for replicas. Every method throws {@link Refused} with all that is wrong. */
public interface Replicas {

    /** Answers the operation id. */
    String add(String instanceId, NewReplica wish);

    /** In any state, and with its host away, too. */
    String remove(String instanceId, String replicaId);

    /** By rewind or a fresh copy, without touching the primary. */
    default String rebuild(String instanceId, String replicaId) {
        return rebuild(instanceId, replicaId, Copy.USUAL);
    }

    /**
     * @param copy not as usual: a fresh copy, whatever its own data is good for
     */
    String rebuild(String instanceId, String replicaId, Copy copy);

    List<ReplicaView> list(String instanceId);

    ReplicaView get(String instanceId, String replicaId);

    /** Changes what may be changed while it runs; absent values stay. */
    ReplicaView update(String instanceId, String replicaId, ReplicaChange change);
}
