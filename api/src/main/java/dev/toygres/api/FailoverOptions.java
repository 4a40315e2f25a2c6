package dev.toygres.api;

import java.time.Duration;
import java.util.Optional;

/**
 * How a failover goes about it. All of it has defaults.
 *
 * @param waitForSync whether the replica must have received everything first; default: true
 * @param syncTimeout how long to wait for that, an ISO-8601 duration up to a day; default: PT5M.
 *     After it nothing has changed
 * @param oldPrimaryAction ConvertToReplica (default), StopAndRetain or Terminate
 * @param drainTimeout how long transactions that are under way may take to end, an ISO-8601
 *     duration up to a day; default: PT10S
 */
public record FailoverOptions(
        Optional<Boolean> waitForSync,
        Optional<Duration> syncTimeout,
        Optional<String> oldPrimaryAction,
        Optional<Duration> drainTimeout) {}
