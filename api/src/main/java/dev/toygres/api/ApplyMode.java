package dev.toygres.api;

import java.time.Instant;
import java.util.Optional;

/**
 * When a change of parameters is put into force.
 *
 * @param kind Immediate (default; restarts where needed), Scheduled, or OnNextRestart (what needs
 *     no restart at once, the rest with the next restart that somebody asks for)
 * @param at of Scheduled: when
 */
public record ApplyMode(String kind, Optional<Instant> at) {}
