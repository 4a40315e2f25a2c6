package dev.toygres.cli;

import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Numbers, and words for what is none: "is not an int" is Java's. */
final class WholeNumbers {
    private WholeNumbers() {}

    static CommandLine register(CommandLine toygres) {
        return toygres.registerConverter(Integer.class, text -> read(text, Integer::valueOf))
                .registerConverter(int.class, text -> read(text, Integer::valueOf))
                .registerConverter(Long.class, text -> read(text, Long::valueOf))
                .registerConverter(long.class, text -> read(text, Long::valueOf));
    }

    private static <T> T read(String text, Function<String, T> number) {
        try {
            return number.apply(text);
        } catch (NumberFormatException none) {
            throw new TypeConversionException("must be a whole number, is '" + text + "'");
        }
    }
}
