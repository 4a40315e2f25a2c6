package dev.toygres.cli;

import dev.toygres.api.Page;
import dev.toygres.api.Token;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code toygres token list}. */
@Command(name = "list", aliases = "ls", description = "List the tokens, without their values.")
final class TokenListCommand extends ApiCommand {
    @Mixin private final PageOptions paging = new PageOptions();

    TokenListCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var page = paging.<Token>read(session.client()::listTokens);
        var output = session.output();
        output.print(page, p -> print(p, output));
    }

    private static void print(Page<Token> page, Output output) {
        var table = new Table("ID", "NAME", "ROLE", "AGE", "EXPIRES", "LAST USED");
        for (var token : page.items()) {
            table.row(
                    token.id(),
                    token.name(),
                    token.role(),
                    output.age(token.createdAt()),
                    token.expiresAt().map(Instant::toString).orElse("never"),
                    token.lastUsedAt().map(Instant::toString).orElse("never"));
        }
        table.print(output);
    }
}
