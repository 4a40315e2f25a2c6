package dev.toygres.api;

import java.util.Optional;

/**
 * What a query answered in a drill.
 *
 * @param rows how many
 * @param sha256 of their text in their order
 * @param error why it could not be run
 */
public record RestoreDrillCheck(String query, long rows, String sha256, Optional<String> error) {}
