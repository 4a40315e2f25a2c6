package dev.toygres.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which points in time can be restored.
 *
 * @param gaps spans in between that cannot
 * @param standalone backups outside of it: each can be restored as it is
 */
public record RestoreWindow(
        Optional<Instant> earliest,
        Optional<Instant> latest,
        List<RestoreGap> gaps,
        List<String> standalone) {}
