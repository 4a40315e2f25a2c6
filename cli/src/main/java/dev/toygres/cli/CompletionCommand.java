package dev.toygres.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code toygres completion}. */
@Command(
        name = "completion",
        description = "Print the completion for bash: source <(toygres completion)")
final class CompletionCommand extends ApiCommand {
    CompletionCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        CommandLine whole = Main.commandLine(session, new GlobalOptions());
        session.output().line(AutoComplete.bash("toygres", whole));
    }
}
