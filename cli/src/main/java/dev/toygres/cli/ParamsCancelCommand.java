package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres params cancel}. */
@Command(name = "cancel", description = "Withdraw a change that waits for its time.")
final class ParamsCancelCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1", paramLabel = "CHANGE", description = "From params changes.")
    private String change = "";

    ParamsCancelCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        session.client().cancelParameterChange(id, change);
        session.output().note(change + " is withdrawn.");
    }
}
