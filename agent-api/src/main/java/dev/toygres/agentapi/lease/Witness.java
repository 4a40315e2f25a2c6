package dev.toygres.agentapi.lease;

/**
 * What a replica's agent says of the primary (S6).
 *
 * @param heard it answered this agent just now, asked after the question came
 */
public record Witness(boolean heard, String words) {}
