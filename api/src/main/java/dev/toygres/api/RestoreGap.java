package dev.toygres.api;

import java.time.Instant;

/** Nothing between these two points in time can be restored; both can. */
public record RestoreGap(Instant from, Instant to) {}
