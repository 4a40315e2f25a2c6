package dev.toygres.agentapi;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.StopMode;
import java.util.Map;
import java.util.Optional;

/**
 * What a server may ask of an agent. Every order is idempotent: it first asks whether the world is
 * already as wished. Passwords in here live only on the wire (mTLS) and in memory; they are never
 * logged, and never part of an answer.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Order.ClaimLane.class, name = "ClaimLane"),
    @JsonSubTypes.Type(value = Order.CreateMember.class, name = "CreateMember"),
    @JsonSubTypes.Type(value = Order.StartMember.class, name = "StartMember"),
    @JsonSubTypes.Type(value = Order.StopMember.class, name = "StopMember"),
    @JsonSubTypes.Type(value = Order.RestartMember.class, name = "RestartMember"),
    @JsonSubTypes.Type(value = Order.DestroyMember.class, name = "DestroyMember"),
    @JsonSubTypes.Type(value = Order.OpenEndpoint.class, name = "OpenEndpoint"),
    @JsonSubTypes.Type(value = Order.CloseEndpoint.class, name = "CloseEndpoint")
})
public sealed interface Order {

    /** The first act of every run: from now on only orders with this token or a higher one. */
    record ClaimLane() implements Order {}

    /**
     * A new primary: data directory (from the cached template of its major), settings,
     * certificates, roles, database, started and answering. Roles and grants: see the agent's
     * README.
     *
     * @param term of the instance; recorded beside the data (S11) with an empty electorate
     * @param settings Postgres settings of this member beyond what the agent owns
     * @param ownerVerifier the SCRAM-SHA-256 verifier of the owner's password; the agent never
     *     learns the password itself
     * @param poolerVerifier likewise for the role that PgBouncer asks for verifiers with
     */
    record CreateMember(
            MemberId memberId,
            InstanceId instanceId,
            long term,
            int postgresMajor,
            Map<String, String> settings,
            String owner,
            String ownerVerifier,
            String poolerVerifier,
            String database,
            Certificate certificate)
            implements Order {
        public CreateMember {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * Started and answering queries.
     *
     * @param settings the member's settings, as in {@link CreateMember}, where they have changed
     */
    record StartMember(MemberId memberId, long term, Optional<Map<String, String>> settings)
            implements Order {}

    /**
     * No process of that data directory is left (S3). Fast falls back to immediate, then SIGKILL.
     */
    record StopMember(MemberId memberId, long term, StopMode mode) implements Order {}

    /** A checkpoint first, so that the interruption is short; then stop fast and start. */
    record RestartMember(MemberId memberId, long term) implements Order {}

    /** Stopped, and its directory gone; the memory of its id stays as a tombstone of its token. */
    record DestroyMember(MemberId memberId, long term) implements Order {}

    /**
     * The stable addresses of an instance: one HAProxy process (read-write, read-only) and one
     * PgBouncer behind it (pooled) per instance, on this host. Ports are chosen at the first
     * opening and kept for ever after.
     *
     * @param term routing obeys terms: an older one is refused (S13)
     * @param target address of the primary as seen from this host
     * @param poolerPassword of the role with which PgBouncer looks verifiers up
     */
    record OpenEndpoint(
            InstanceId instanceId,
            long term,
            Address target,
            String poolerUser,
            String poolerPassword,
            Certificate certificate,
            Optional<EndpointPorts> ports)
            implements Order {
        @Override
        public String toString() {
            return "OpenEndpoint[" + instanceId + ", term " + term + ", target " + target + "]";
        }
    }

    /** HAProxy and PgBouncer of the instance are gone, their ports free. */
    record CloseEndpoint(InstanceId instanceId, long term) implements Order {}
}
