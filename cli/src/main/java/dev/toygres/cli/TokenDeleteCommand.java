package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres token delete}. */
@Command(name = "delete", description = "Delete a token; it is refused from now on.")
final class TokenDeleteCommand extends ApiCommand {
    @Parameters(paramLabel = "TOKEN-ID", description = "Its id, not its value.")
    private String id = "";

    TokenDeleteCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        session.client().deleteToken(id);
        session.output().note(id + " is deleted.");
    }
}
