package dev.toygres.model;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rule for ids that a user chooses. They become directory names, HAProxy names and
 * application_name, so the rule is the strictest of those: a DNS label (RFC 1123) that starts with
 * a letter, short enough to leave room for a suffix.
 */
public final class Name {
    public static final int LONGEST = 40;
    private static final Pattern RULE = Pattern.compile("[a-z]([a-z0-9-]*[a-z0-9])?");

    private Name() {}

    /** What is wrong with it, in words for the user; empty when nothing is. */
    public static Optional<String> fault(String value) {
        if (value.isEmpty()) {
            return Optional.of("must not be empty");
        }
        if (value.length() > LONGEST) {
            return Optional.of(
                    "must have at most " + LONGEST + " characters, has " + value.length());
        }
        if (!RULE.matcher(value).matches()) {
            return Optional.of(
                    "must be lower-case letters, digits and hyphens, starting with a letter and not"
                            + " ending with a hyphen");
        }
        return Optional.empty();
    }

    static String checked(String what, String value) {
        fault(value)
                .ifPresent(
                        fault -> {
                            throw new IllegalArgumentException(what + " " + fault);
                        });
        return value;
    }
}
