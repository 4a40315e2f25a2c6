package dev.toygres.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An instance as it is now.
 *
 * @param state Creating, Running, Stopping, Stopped, Restarting, FailingOver, Restoring, Deleting
 *     or Failed
 * @param health Healthy, Degraded, Unprotected, Unhealthy or Unknown
 * @param primary member id of the primary
 * @param replicas never the primary
 * @param durability strict or preferred: whether commits wait when no Sync replica is left
 * @param readOnlyFallback whether the primary serves the read-only address when no replica does
 * @param failoverRisk absent when nobody has looked yet
 * @param isolationPolicy Fence or Serve: whether a primary stops that neither a server nor its
 *     electors answer
 * @param electorate the replicas that may take over a lost host, and that keep the primary's lease
 *     alive while no server works
 * @param ifServersDied what would become of the primary, in words
 * @param endpoints absent until they are open
 * @param operation id of the operation at work on it, if any
 * @param members where its Postgres servers listen, the primary first
 * @param failure why it is Failed, or what is wrong with it
 */
public record Instance(
        String id,
        String state,
        String health,
        String postgresVersion,
        String size,
        long term,
        Optional<String> primary,
        Optional<String> host,
        Optional<String> region,
        Optional<String> availabilityZone,
        List<Replica> replicas,
        String durability,
        boolean readOnlyFallback,
        Optional<FailoverRisk> failoverRisk,
        String isolationPolicy,
        List<String> electorate,
        String ifServersDied,
        Optional<Endpoints> endpoints,
        String owner,
        String database,
        boolean deletionProtection,
        Optional<String> operation,
        Optional<String> failure,
        Instant createdAt,
        List<Member> members) {}
