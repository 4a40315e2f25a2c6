package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code toygres params revert}. */
@Command(name = "revert", description = "Go back to how the parameters were before a change.")
final class ParamsRevertCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "CHANGE", description = "From params changes.")
    private String change = "";

    @Mixin private final WaitOptions waiting = new WaitOptions();

    ParamsRevertCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        ChangeOptions.finish(
                session, waiting, id, waiting.client(session).revertParameterChange(id, change));
    }
}
