package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * The last check of a member.
 *
 * @param role primary or replica
 * @param connectivity whether it could be connected to
 * @param queryResponsive whether it answered a query in time
 * @param replicationHealthy of the primary: all replicas stream; of a replica: it streams
 * @param diskSpaceOk whether there is room to go on writing
 * @param customCheckOk whether the custom query passed; absent where there is none
 * @param healthy all of them
 * @param failuresInARow checks that failed since the last good one
 * @param responseMs how long the check took
 * @param checkedAt absent: it was not checked, or its host does not answer
 * @param words what is wrong; empty when nothing is
 */
public record HealthCheck(
        String memberId,
        String role,
        boolean connectivity,
        boolean queryResponsive,
        boolean replicationHealthy,
        boolean diskSpaceOk,
        Optional<Boolean> customCheckOk,
        boolean healthy,
        int failuresInARow,
        Optional<Long> responseMs,
        Optional<Instant> checkedAt,
        String words) {}
