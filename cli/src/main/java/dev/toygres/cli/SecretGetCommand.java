package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres secret get}. */
@Command(name = "get", description = "Tell whether a secret is there; its value is never shown.")
final class SecretGetCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "Its name.")
    private String name = "";

    SecretGetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var output = session.output();
        output.print(
                session.client().getSecret(name),
                secret ->
                        Table.facts()
                                .row("Name", secret.name())
                                .row("Written", secret.updatedAt())
                                .print(output));
    }
}
