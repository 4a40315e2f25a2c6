package dev.toygres.api;

import java.util.List;
import java.util.Optional;

/**
 * A parameter of one major of Postgres, as that major describes it. Values as people write them.
 *
 * @param category Dynamic, Reload, Restart or Immutable: what it takes to change it
 * @param dataType Boolean, Integer, Real, String or Enum
 * @param unit of plain numbers, as Postgres names it
 * @param defaultValue what a reset gives
 * @param group the chapter of Postgres's manual
 * @param owned why it cannot be set: toygres sets it; absent when it can
 */
public record ParameterDefinition(
        String name,
        String category,
        String dataType,
        Optional<String> unit,
        Optional<String> defaultValue,
        Optional<String> minValue,
        Optional<String> maxValue,
        List<String> enumValues,
        String description,
        String group,
        Optional<String> owned) {}
