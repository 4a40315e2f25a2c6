package dev.toygres.cli;

import dev.toygres.api.ApplyProfileRequest;
import dev.toygres.api.ParameterPlan;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres params profile}. */
@Command(
        name = "profile",
        description = {
            "Apply a set of parameters for a kind of work, computed for each member.",
            "It replaces what was set by hand of these, and says so first; --set NAME=VALUE keeps a"
                    + " value."
        })
final class ParamsProfileCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "PROFILE", description = ProfileName.CHOICES)
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
        var values = ChangeOptions.values(overrides);
        var wished = ProfileName.profile(profile, values, followSize);
        var request =
                new ApplyProfileRequest(
                        wished, ProfileName.beside(wished, values), change.mode(), change.reason());
        Supplier<ParameterPlan> plan = () -> session.client().planParameterProfile(id, request);
        change.announce(session, plan, ParameterPrinter::announceWarnings);
        change.carryOut(
                session,
                waiting,
                id,
                plan,
                () -> waiting.client(session).applyParameterProfile(id, request));
    }
}
