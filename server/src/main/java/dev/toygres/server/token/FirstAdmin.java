package dev.toygres.server.token;

import dev.toygres.model.Secret;
import dev.toygres.store.access.AccessToken;
import dev.toygres.store.access.Role;
import dev.toygres.store.access.TokenHash;
import dev.toygres.store.access.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first admin token: made by whoever installs, handed over in a file, and good only while there
 * is no token at all. Afterwards the file changes nothing, so a removed token stays removed.
 */
public final class FirstAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAdmin.class);

    private FirstAdmin() {}

    public static void register(Tokens tokens, Path file, InstantSource clock) {
        String value = read(file);
        if (!TokenValue.looksRight(value)) {
            throw new IllegalArgumentException(
                    "admin-token-file: "
                            + file
                            + " must hold tg_ followed by 32 random bytes in base64url");
        }
        var token =
                new AccessToken(
                        TokenValue.freshId(),
                        "first-admin",
                        Role.admin,
                        clock.instant(),
                        Optional.empty(),
                        Optional.empty());
        if (tokens.addFirst(token, TokenHash.of(new Secret(value)))) {
            LOG.info("registered the first admin token from {}", file);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
