package dev.toygres.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A machine on which an agent runs.
 *
 * @param state Up, Unreachable or Joining
 * @param unknownMembers directories on it that the catalogue does not know (drift)
 * @param missingMembers what the catalogue expects there and the agent does not have (drift)
 * @param leftovers what is destroyed there once it answers: its instance or replica is gone
 */
public record Host(
        String id,
        String state,
        String region,
        String availabilityZone,
        Address address,
        List<String> postgresVersions,
        Optional<Integer> cores,
        Optional<Long> memoryBytes,
        Optional<Long> diskTotalBytes,
        Optional<Long> diskFreeBytes,
        List<String> members,
        List<String> unknownMembers,
        List<String> missingMembers,
        List<String> leftovers,
        Optional<Instant> lastSeenAt) {}
