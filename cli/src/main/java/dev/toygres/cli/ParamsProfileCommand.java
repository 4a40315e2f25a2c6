package dev.toygres.cli;

import dev.toygres.api.ApplyProfileRequest;
import dev.toygres.api.ParameterProfile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres params profile}. */
@Command(
        name = "profile",
        description = "Apply a set of parameters for a kind of work, computed for each member.")
final class ParamsProfileCommand extends ApiCommand {
    private static final List<String> KINDS =
            List.of("Oltp", "Analytics", "GeneralPurpose", "Development", "Custom");

    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(
            index = "1",
            paramLabel = "PROFILE",
            description =
                    "oltp, analytics, general-purpose, development, or custom (only what --set says).")
    private String profile = "";

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Wins over the profile; may be given several times.")
    private List<String> overrides = List.of();

    @Option(
            names = "--follow-size",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Compute it anew when a member gets another size; this is the default.")
    private boolean followSize = true;

    @Mixin private final ChangeOptions change = new ChangeOptions();
    @Mixin private final WaitOptions waiting = new WaitOptions();

    ParamsProfileCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var kind = kind();
        var values = ChangeOptions.values(overrides);
        boolean custom = kind.equals("Custom");
        var request =
                new ApplyProfileRequest(
                        new ParameterProfile(
                                kind,
                                custom ? Optional.of(values) : Optional.empty(),
                                followSize ? Optional.empty() : Optional.of(false)),
                        Optional.of(values).filter(some -> !custom && !some.isEmpty()),
                        change.mode(),
                        change.reason());
        if (change.dryRun) {
            var output = session.output();
            output.print(
                    session.client().planParameterProfile(id, request),
                    plan -> ParameterPrinter.print(plan, output));
        } else {
            ParameterPrinter.finish(
                    session,
                    waiting,
                    change,
                    id,
                    waiting.client(session).applyParameterProfile(id, request));
        }
    }

    private String kind() {
        String plain = profile.replaceAll("[-_]", "");
        return KINDS.stream()
                .filter(one -> one.equalsIgnoreCase(plain))
                .findFirst()
                .orElseThrow(
                        () ->
                                new CommandFailed(
                                        ExitCode.USAGE,
                                        "no profile "
                                                + profile
                                                + "; there is "
                                                + Arrays.toString(KINDS.toArray())));
    }
}
