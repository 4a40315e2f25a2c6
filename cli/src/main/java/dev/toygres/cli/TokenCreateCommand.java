package dev.toygres.cli;

import dev.toygres.api.CreateTokenRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres token create}. */
@Command(name = "create", description = "Make a token; its value is printed once, here.")
final class TokenCreateCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "For whom or what it is.")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            required = true,
            description = "admin, operator or viewer.")
    private String role = "";

    @Option(
            names = "--expires-in",
            paramLabel = "TIME",
            description = "Such as 90d; default: it does not expire.")
    private @Nullable Duration expiresIn;

    TokenCreateCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var expiry =
                Optional.ofNullable(expiresIn)
                        .map(time -> session.around.clock().instant().plus(time));
        var output = session.output();
        output.print(
                session.client().createToken(new CreateTokenRequest(name, role, expiry)),
                token -> {
                    output.note("Keep it well: it is shown only now. Id: " + token.id());
                    output.line(token.value().orElse(""));
                });
    }
}
