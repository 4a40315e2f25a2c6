package dev.toygres.cli;

import dev.toygres.api.ParameterProfile;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A profile as people write it: oltp, general-purpose. */
final class ProfileName {
    static final String CHOICES =
            "oltp, analytics, general-purpose, development, or custom (only what --set says).";

    private static final String CUSTOM = "Custom";
    private static final List<String> KINDS =
            List.of("Oltp", "Analytics", "GeneralPurpose", "Development", CUSTOM);

    private ProfileName() {}

    /** Custom has the values in it; the others have them beside it. */
    static ParameterProfile profile(String name, Map<String, Object> values, boolean followSize) {
        var kind = kind(name);
        return new ParameterProfile(
                kind,
                Optional.of(values).filter(_ -> kind.equals(CUSTOM)),
                followSize ? Optional.empty() : Optional.of(false));
    }

    /** What stands beside it. */
    static Optional<Map<String, Object>> beside(
            ParameterProfile profile, Map<String, Object> values) {
        return Optional.of(values)
                .filter(some -> !profile.kind().equals(CUSTOM) && !some.isEmpty());
    }

    private static String kind(String name) {
        String plain = name.replaceAll("[-_]", "");
        return KINDS.stream()
                .filter(one -> one.equalsIgnoreCase(plain))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CommandFailed(
                                        ExitCode.USAGE,
                                        "no profile "
                                                + name
                                                + "; there is "
                                                + Arrays.toString(KINDS.toArray())));
    }
}
