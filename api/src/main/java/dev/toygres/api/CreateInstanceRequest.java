package dev.toygres.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * POST /instances. All but the id have defaults.
 *
 * @param id a DNS label of at most 40 characters, unique for as long as anything of it exists
 * @param postgresVersion a major that a host has, such as "15"; default: the newest there is
 * @param size nano, micro, small (default), medium, large or xlarge
 * @param region where its host must be; default: anywhere
 * @param availabilityZone likewise
 * @param owner name of the login that owns the database; default: app
 * @param database name of the first database; default: app
 * @param deletionProtection whether DELETE is refused until it is switched off
 * @param durability strict (default) or preferred: whether commits wait when no Sync replica is
 *     left, or go on alone within ten seconds
 * @param replicas made along with it; default: none
 * @param parameters name and value of those that its Postgres has from the beginning
 * @param profile a set of parameters for a kind of work; single parameters win over it
 */
public record CreateInstanceRequest(
        String id,
        Optional<String> postgresVersion,
        Optional<String> size,
        Optional<String> region,
        Optional<String> availabilityZone,
        Optional<String> owner,
        Optional<String> database,
        Optional<Boolean> deletionProtection,
        Optional<String> durability,
        Optional<List<AddReplicaRequest>> replicas,
        Optional<Map<String, Object>> parameters,
        Optional<ParameterProfile> profile) {

    /** Alone, without replicas. */
    public CreateInstanceRequest(
            String id,
            Optional<String> postgresVersion,
            Optional<String> size,
            Optional<String> region,
            Optional<String> availabilityZone,
            Optional<String> owner,
            Optional<String> database,
            Optional<Boolean> deletionProtection) {
        this(
                id,
                postgresVersion,
                size,
                region,
                availabilityZone,
                owner,
                database,
                deletionProtection,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
