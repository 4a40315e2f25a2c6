package dev.toygres.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.toygres.api.PutSecretRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres secret set}. Never from an argument: those are for all to see. */
@Command(
        name = "set",
        description =
                "Write a secret, read from standard input or a file; it is never shown again.")
final class SecretSetCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "Its name, for others to refer to.")
    private String name = "";

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Where its value is; default: standard input.")
    private @Nullable Path file;

    SecretSetCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        String value = value().strip();
        if (value.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.USAGE, "there is nothing to read: the secret is empty");
        }
        var output = session.output();
        output.print(
                session.client().putSecret(name, new PutSecretRequest(value)),
                secret -> output.line("Secret " + name + " is set."));
    }

    private String value() {
        try {
            return file == null
                    ? new String(System.in.readAllBytes(), UTF_8)
                    : Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
