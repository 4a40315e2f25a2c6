package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres host forget}. */
@Command(name = "forget", description = "Let a host go; it must hold no members.")
final class HostForgetCommand extends ApiCommand {
    @Parameters(paramLabel = "HOST", description = "Its id.")
    private String id = "";

    HostForgetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        session.client().forgetHost(id);
        session.output().note(id + " is forgotten.");
    }
}
