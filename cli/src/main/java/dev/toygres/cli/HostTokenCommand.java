package dev.toygres.cli;

import picocli.CommandLine.Command;

/** {@code toygres host token}. */
@Command(name = "token", description = "Make a token, good for one use, to join a host with.")
final class HostTokenCommand extends ApiCommand {
    HostTokenCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().createJoinToken(),
                token -> {
                    output.note("It can be used once, until " + token.expiresAt() + ".");
                    output.line(token.token());
                });
    }
}
