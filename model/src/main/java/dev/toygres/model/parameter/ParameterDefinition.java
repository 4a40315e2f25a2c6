package dev.toygres.model.parameter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A parameter of one major (R5.6), as that major itself describes it in {@code pg_settings}.
 *
 * @param unit of plain numbers, as Postgres names it: 8kB, ms
 * @param defaultValue what a reset gives, in {@code unit}; empty where Postgres has none
 * @param minValue in {@code unit}
 * @param maxValue in {@code unit}
 * @param group the chapter that Postgres puts it in
 */
public record ParameterDefinition(
        String name,
        ParameterCategory category,
        ParameterType type,
        Optional<String> unit,
        Optional<String> defaultValue,
        Optional<String> minValue,
        Optional<String> maxValue,
        List<String> enumValues,
        String description,
        String group) {

    private static final int LONGEST = 4096;

    public ParameterDefinition {
        enumValues = List.copyOf(enumValues);
    }

    public ParameterDefinition withDefault(Optional<String> base) {
        return new ParameterDefinition(
                name,
                category,
                type,
                unit,
                base,
                minValue,
                maxValue,
                enumValues,
                description,
                group);
    }

    /** What came of reading a value. */
    public sealed interface Reading {
        /** In the parameter's own unit, as {@code pg_settings.setting} would have it. */
        record Value(String base) implements Reading {}

        /** What is wrong with it, and what would be right. */
        record Fault(String words) implements Reading {}
    }

    /** Reads a value in any form that Postgres accepts. */
    public Reading read(String text) {
        return switch (type) {
            case Boolean -> bool(text);
            case Integer -> number(text, true);
            case Real -> number(text, false);
            case Enum -> choice(text);
            case String -> words(text);
        };
    }

    /** In the parameter's own unit; what it cannot read stays as it is. */
    public String base(String text) {
        return read(text) instanceof Reading.Value(var base) ? base : text;
    }

    /** As people write it: 16384 of 8kB is 128MB. */
    public String shown(String base) {
        if (type != ParameterType.Integer && type != ParameterType.Real) {
            return base;
        }
        double number = Double.parseDouble(base);
        return unit.flatMap(Unit::of)
                .filter(_ -> number > 0)
                .map(known -> known.shown(number))
                .orElse(Numbers.plain(number));
    }

    /** What may be set, in words. */
    public String allowed() {
        return switch (type) {
            case Boolean -> "on or off";
            case Integer, Real -> "from %s to %s".formatted(bound(minValue), bound(maxValue));
            case Enum -> "one of " + String.join(", ", enumValues);
            case String -> "text";
        };
    }

    private String bound(Optional<String> bound) {
        return bound.map(this::shown).orElse("any");
    }

    /** By unique prefix: {@code parse_bool_with_len}. */
    private Reading bool(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        boolean yes = isPrefix(word, "true", 1) || isPrefix(word, "yes", 1) || word.equals("1");
        boolean no = isPrefix(word, "false", 1) || isPrefix(word, "no", 1) || word.equals("0");
        if (yes || word.equals("on")) {
            return new Reading.Value("on");
        }
        if (no || isPrefix(word, "off", 2)) {
            return new Reading.Value("off");
        }
        return fault(text, "is not on or off");
    }

    private static boolean isPrefix(String word, String whole, int least) {
        return word.length() >= least && whole.startsWith(word);
    }

    private Reading number(String text, boolean integer) {
        Optional<Numbers.Written> written = Numbers.read(text, integer);
        if (written.isEmpty()) {
            return fault(text, "is not a number" + (integer ? "" : " with or without a fraction"));
        }
        String unitName = written.get().unit();
        double value = written.get().number();
        if (!unitName.isEmpty()) {
            Optional<Unit> own = unit.flatMap(Unit::of);
            if (own.isEmpty()) {
                return fault(text, "has a unit, but this is a plain number");
            }
            Optional<Double> base = own.get().toBase(value, unitName);
            if (base.isEmpty()) {
                return fault(
                        text,
                        "has an unknown unit; units are %s, in this spelling"
                                .formatted(own.get().names()));
            }
            value = base.get();
        }
        return inRange(text, integer ? Math.rint(value) : value);
    }

    private Reading inRange(String text, double value) {
        boolean low = minValue.filter(least -> value < Double.parseDouble(least)).isPresent();
        boolean high = maxValue.filter(most -> value > Double.parseDouble(most)).isPresent();
        return low || high
                ? fault(text, "is out of range")
                : new Reading.Value(Numbers.plain(value));
    }

    private Reading choice(String text) {
        return enumValues.stream()
                .filter(one -> one.equalsIgnoreCase(text.strip()))
                .findFirst()
                .<Reading>map(Reading.Value::new)
                .orElseGet(() -> hidden(text));
    }

    /** Where on and off are choices, Postgres takes the other words for them too. */
    private Reading hidden(String text) {
        return bool(text) instanceof Reading.Value(var base) && enumValues.contains(base)
                ? new Reading.Value(base)
                : fault(text, "is not a choice");
    }

    private Reading words(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            return fault("(text)", "has control characters");
        }
        return text.length() > LONGEST
                ? fault("(text)", "is longer than %d characters".formatted(LONGEST))
                : new Reading.Value(text);
    }

    private Reading fault(String text, String words) {
        return new Reading.Fault("'%s' %s; allowed: %s".formatted(text, words, allowed()));
    }
}
