package dev.toygres.cli;

import dev.toygres.api.ParameterPlan;
import dev.toygres.api.RevertParametersRequest;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres params revert}. */
@Command(
        name = "revert",
        description = {
            "Go back to how all parameters were before a change.",
            "Later changes are taken back with it: what becomes different is shown first; --dry-run"
                    + " shows that alone."
        })
final class ParamsRevertCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "CHANGE", description = "From params changes.")
    private String change = "";

    @Mixin private final ChangeOptions options = new ChangeOptions();
    @Mixin private final WaitOptions waiting = new WaitOptions();

    ParamsRevertCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var request = new RevertParametersRequest(options.mode(), options.reason());
        Supplier<ParameterPlan> plan =
                () -> session.client().planRevertParameterChange(id, change, request);
        options.announce(session, plan, ParameterPrinter::announceChanges);
        options.carryOut(
                session,
                waiting,
                id,
                plan,
                () -> waiting.client(session).revertParameterChange(id, change, request));
    }
}
