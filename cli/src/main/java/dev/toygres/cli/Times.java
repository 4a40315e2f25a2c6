package dev.toygres.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time as ISO-8601 has it, and as psql prints it; UTC where no zone is given. */
final class Times implements ITypeConverter<Instant> {
    static final String FORMS =
            "2026-11-29T16:18:20Z, '2026-11-29 16:18:20' (UTC) or '2026-11-29 16:18:20.123+00'";

    private static final Pattern FORM =
            Pattern.compile(
                    "(\\d{4}-\\d\\d-\\d\\d)[Tt ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)"
                            + " ?(?:([Zz]|UTC)|([+-]\\d\\d(?::?\\d\\d)?))?");

    @Override
    public Instant convert(String text) {
        var parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw wrong(text);
        }
        String zone = parts.group(4);
        try {
            return LocalDateTime.parse(parts.group(1) + "T" + parts.group(2))
                    .toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
        } catch (DateTimeException never) {
            throw wrong(text);
        }
    }

    private static TypeConversionException wrong(String text) {
        return new TypeConversionException("'" + text + "' is no time; write " + FORMS);
    }
}
