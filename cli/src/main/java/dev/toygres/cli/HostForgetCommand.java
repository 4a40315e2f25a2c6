package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres host forget}. */
@Command(name = "forget", description = "Let a host go; it must hold nothing.")
final class HostForgetCommand extends ApiCommand {
    @Parameters(paramLabel = "HOST", description = "Its id.")
    private String id = "";

    @Option(
            names = "--force",
            description =
                    "It will never come back: forget what is left there to be destroyed, and open"
                            + " the addresses on it elsewhere. Members hold it all the same.")
    private boolean force;

    HostForgetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        if (force) {
            session.client().forgetLostHost(id);
        } else {
            session.client().forgetHost(id);
        }
        session.output().note(id + " is forgotten.");
    }
}
