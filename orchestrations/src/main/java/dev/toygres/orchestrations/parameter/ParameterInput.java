package dev.toygres.orchestrations.parameter;

import java.time.Instant;
import java.util.Optional;

/**
 * Which change is to be made: what it is stands in the catalogue, under the operation's id.
 *
 * @param at when; empty: now
 */
public record ParameterInput(String instanceId, Optional<Instant> at) {}
