package dev.toygres.orchestrations.parameter;

/**
 * What a change of parameters ends with.
 *
 * @param interruptionMs how long no write was possible; 0 without a restart of the primary
 */
public record ParameterOutcome(String instanceId, String changeId, long interruptionMs) {}
