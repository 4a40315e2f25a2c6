package dev.toygres.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads 1048576, 16MB, 2 GB: a kB has 1024 bytes, as Postgres and our own output have it. */
final class Bytes implements ITypeConverter<Long> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) ?(b|kb|mb|gb|tb|)");
    private static final List<String> UNITS = List.of("b", "kb", "mb", "gb", "tb");

    @Override
    public Long convert(String text) {
        var parts = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw wrong(text);
        }
        int power = Math.max(0, UNITS.indexOf(parts.group(2)));
        try {
            return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << (10 * power));
        } catch (ArithmeticException tooMany) {
            throw wrong(text);
        }
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException(
                "'" + text + "' is no number of bytes; write 1048576, 512kB, 16MB or 2GB");
    }
}
