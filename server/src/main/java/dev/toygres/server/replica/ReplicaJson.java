package dev.toygres.server.replica;

import dev.toygres.api.AddReplicaRequest;
import dev.toygres.api.Replica;
import dev.toygres.api.ReplicaConfig;
import dev.toygres.orchestrations.replica.Copy;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.orchestrations.replica.ReplicaView;
import dev.toygres.server.edge.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replicas between the contract and the desk. */
public final class ReplicaJson {
    private ReplicaJson() {}

    public static NewReplica wish(AddReplicaRequest request) {
        ReplicaConfig config = request.replicaConfig().orElseGet(ReplicaConfig::usual);
        return new NewReplica(
                request.replicaId(),
                config.size(),
                config.region(),
                config.availabilityZone(),
                config.replicationMode(),
                config.maxLagBytes(),
                config.promotable(),
                config.priority(),
                new Copy(config.copyFrom(), config.copyBytesPerSecond()));
    }

    public static Replica shown(ReplicaView view) {
        return new Replica(
                view.id(),
                view.state().name(),
                view.mode().name(),
                view.lagMs(),
                view.lagBytes(),
                view.maxLagBytes(),
                view.promotable(),
                view.priority(),
                view.size().name(),
                view.host(),
                view.region(),
                view.availabilityZone(),
                view.trouble());
    }

    /** JSON may leave out a name, or have a null for an element. */
    public static Fields needed(Fields fields, List<AddReplicaRequest> requests) {
        for (int i = 0; i < requests.size(); i++) {
            @Nullable AddReplicaRequest request = requests.get(i);
            String at = "replicas[" + i + "]";
            if (request == null) {
                fields.needed(at, request);
            } else {
                fields.needed(at + ".replicaId", request.replicaId());
            }
        }
        return fields;
    }
}
