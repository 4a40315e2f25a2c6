package dev.toygres.cli;

import dev.toygres.api.SetParametersRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres params set}. */
@Command(
        name = "set",
        description = "Change parameters: tried beside the members first, taken back if they fail.")
final class ParamsSetCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(
            index = "1..*",
            paramLabel = "NAME=VALUE",
            description = "In any unit that Postgres accepts: work_mem=64MB.")
    private List<String> assignments = List.of();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "With many of them, a line each; # begins a comment.")
    private @Nullable Path file;

    @Option(
            names = "--reset",
            paramLabel = "NAME",
            split = ",",
            description = "Back to its default; may be given several times.")
    private List<String> reset = List.of();

    @Option(
            names = "--drift",
            paramLabel = "WHAT",
            description = "What became of ALTER SYSTEM: adopt it, or revert it.")
    private @Nullable String drift;

    @Mixin private final ChangeOptions change = new ChangeOptions();
    @Mixin private final WaitOptions waiting = new WaitOptions();

    ParamsSetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var all = new ArrayList<>(lines());
        all.addAll(assignments);
        if (all.isEmpty() && reset.isEmpty() && drift == null) {
            throw new CommandFailed(
                    ExitCode.USAGE, "which? NAME=VALUE, --file, --reset NAME or --drift");
        }
        var request =
                new SetParametersRequest(
                        Optional.of(ChangeOptions.values(all)).filter(some -> !some.isEmpty()),
                        Optional.of(reset).filter(some -> !some.isEmpty()),
                        change.mode(),
                        Optional.ofNullable(drift).map(ParamsSetCommand::word),
                        change.reason());
        change.carryOut(
                session,
                waiting,
                id,
                () -> session.client().planParameters(id, request),
                () -> waiting.client(session).setParameters(id, request));
    }

    private static String word(String given) {
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "adopt" -> "Adopt";
            case "revert" -> "Revert";
            default -> throw new CommandFailed(ExitCode.USAGE, "--drift is adopt or revert");
        };
    }

    private List<String> lines() {
        if (file == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(ParamsSetCommand::unquoted)
                    .toList();
        } catch (IOException fault) {
            throw new CommandFailed(ExitCode.USAGE, "cannot read " + file);
        }
    }

    /** As in postgresql.conf: the value may stand in single quotes. */
    private static String unquoted(String line) {
        int at = line.indexOf('=');
        if (at < 0) {
            return line;
        }
        String value = line.substring(at + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("'") && value.endsWith("'");
        return line.substring(0, at).strip()
                + "="
                + (quoted ? value.substring(1, value.length() - 1).replace("''", "'") : value);
    }
}
