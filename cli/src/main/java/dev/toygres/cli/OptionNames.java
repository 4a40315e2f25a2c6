package dev.toygres.cli;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * How the command line calls what the API calls otherwise: the one table of it. What is not in it
 * is called the same, with hyphens.
 */
final class OptionNames {
    /** By the end of a field's path; of several, the first that the command has. */
    private static final Map<String, List<String>> NAMES =
            Map.ofEntries(
                    entry("replicaId", List.of("REPLICA", "--replica")),
                    entry("replicas", List.of("--replicas", "--replica")),
                    entry("replicationMode", List.of("--mode")),
                    entry("availabilityZone", List.of("--availability-zone", "--zone")),
                    entry("maxLagBytes", List.of("--max-lag")),
                    entry("unboundedLag", List.of("--no-max-lag")),
                    entry("maxEligibleLagBytes", List.of("--max-eligible-lag")),
                    entry("copyBytesPerSecond", List.of("--copy-rate")),
                    entry("promotable", List.of("--promote")),
                    entry("targetReplicaId", List.of("--to")),
                    entry("oldPrimaryAction", List.of("--old-primary")),
                    entry("applyMode.at", List.of("--at")),
                    entry("profile.kind", List.of("PROFILE", "--profile")),
                    entry("profile.parameters", List.of("--set")),
                    entry("parameters", List.of("NAME=VALUE", "--set")),
                    entry("fullBackupCron", List.of("--full")),
                    entry("incrementalBackupCron", List.of("--incremental")),
                    entry("storage.region", List.of("--s3-region")),
                    entry("credentialsRef", List.of("--credentials")),
                    entry("connectionStringRef", List.of("--credentials")),
                    entry("caCertificate", List.of("--store-ca")),
                    entry("keyRef", List.of("--encrypt-with")),
                    entry("dailyRetentionDays", List.of("--keep-days")),
                    entry("weeklyRetentionWeeks", List.of("--keep-weeks")),
                    entry("monthlyRetentionMonths", List.of("--keep-months")),
                    entry("backupType.kind", List.of("--type")),
                    entry("pointInTime", List.of("--at")),
                    entry("restorePoint", List.of("--name")),
                    entry("confirmDestructive", List.of("--yes")),
                    entry("target.instanceId", List.of("--to-new")),
                    entry("secret", List.of("--secret-file")),
                    entry("password", List.of("--password-file")),
                    entry("url", List.of("--webhook")),
                    entry("until", List.of("--for")),
                    entry("deletionProtection", List.of("--deletion-protection")));

    /** Whole phrases, where the option says with its name what the field says with its value. */
    private static final Map<String, String> PHRASES =
            Map.of(
                    "set deletionProtection to false first",
                    "first 'toygres update ID --no-deletion-protection'",
                    "set confirmDestructive to true (--yes)",
                    "say so with --yes");

    private static final Pattern CAMEL =
            Pattern.compile("(?<![\\w./\\]])[a-z]+(?:[A-Z][a-z]+)+(?![\\w.\\[])");

    /** A field of a request's objects, in the error of an operation for one. */
    private static final Pattern PATH =
            Pattern.compile(
                    "\\b(?:config|replicaConfig|options|applyMode|targets?|backupType|profile)"
                            + "(?:\\[\\d+])?(?:\\.[a-z][A-Za-z]*)+\\b");

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

    private OptionNames() {}

    /** The option or argument that filled the field; the field itself where there is none. */
    static String of(String field, CommandSpec command) {
        String[] path = INDEX.matcher(field).replaceAll("").split("\\.", -1);
        return IntStream.range(0, path.length)
                .mapToObj(at -> String.join(".", Arrays.asList(path).subList(at, path.length)))
                .flatMap(OptionNames::candidates)
                .flatMap(name -> known(name, command).stream())
                .findFirst()
                .orElse(field);
    }

    /** A message of the server, in words that can be typed here. */
    static String in(String message, CommandSpec command) {
        String words = message;
        for (var phrase : PHRASES.entrySet()) {
            words = words.replace(phrase.getKey(), phrase.getValue());
        }
        words = PATH.matcher(words).replaceAll(found -> quoted(path(found.group(), command)));
        return CAMEL.matcher(words).replaceAll(found -> quoted(word(found, command)));
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text);
    }

    /** With the field, which is what the operation goes on calling it. */
    private static String path(String field, CommandSpec command) {
        String name = of(field, command);
        return name.equals(field) ? field : "%s (%s)".formatted(name, field);
    }

    private static String word(MatchResult found, CommandSpec command) {
        List<String> names = NAMES.getOrDefault(found.group(), List.of());
        return names.stream()
                .flatMap(name -> known(name, command).stream())
                .findFirst()
                .or(() -> names.stream().filter(name -> name.startsWith("--")).findFirst())
                .orElse(found.group());
    }

    private static Stream<String> candidates(String field) {
        return NAMES.containsKey(field)
                ? NAMES.get(field).stream()
                : field.contains(".")
                        ? Stream.empty()
                        : Stream.of("--" + kebab(field), kebab(field).toUpperCase(Locale.ROOT));
    }

    private static Optional<String> known(String name, CommandSpec command) {
        return Stream.concat(
                        command.options().stream()
                                .filter(option -> !option.inherited())
                                .filter(option -> List.of(option.names()).contains(name))
                                .map(_ -> name),
                        command.positionalParameters().stream()
                                .map(argument -> argument.paramLabel())
                                .filter(name::equals))
                .findFirst();
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
