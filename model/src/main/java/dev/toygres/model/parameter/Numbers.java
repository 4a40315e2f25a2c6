package dev.toygres.model.parameter;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as Postgres reads and shows them: {@code parse_int} and {@code parse_real} in guc.c. */
final class Numbers {
    private static final Pattern FORM =
            Pattern.compile(
                    "\\s*([+-]?(?:0[xX][0-9a-fA-F]+|(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?))"
                            + "\\s*([A-Za-z]*)\\s*");
    private static final Pattern OCTAL = Pattern.compile("[+-]?0[0-7]+");

    private Numbers() {}

    /** A number, and the unit that was written after it, if any. */
    record Written(double number, String unit) {}

    static Optional<Written> read(String text, boolean integer) {
        Matcher match = FORM.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        String number = match.group(1);
        if (!integer && number.matches("[+-]?0[xX].*")) {
            return Optional.empty();
        }
        return Optional.of(new Written(number(number, integer), match.group(2)));
    }

    private static double number(String text, boolean integer) {
        if (text.matches("[+-]?0[xX].*")) {
            String digits = text.replaceFirst("0[xX]", "");
            return Long.parseLong(digits, 16);
        }
        if (integer && OCTAL.matcher(text).matches()) {
            return Long.parseLong(text, 8);
        }
        return Double.parseDouble(text);
    }

    /** Without an exponent and without a needless fraction. */
    static String plain(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return String.valueOf((long) number);
        }
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
