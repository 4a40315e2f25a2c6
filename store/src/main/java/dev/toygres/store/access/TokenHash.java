package dev.toygres.store.access;

import dev.toygres.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * All that is kept of a token's value. A plain SHA-256 is enough, since values are random and long:
 * there is no dictionary to try.
 *
 * @param hex 64 hexadecimal digits
 */
public record TokenHash(String hex) {

    public static TokenHash of(Secret value) {
        try {
            byte[] text = value.reveal().getBytes(StandardCharsets.UTF_8);
            return new TokenHash(
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }
}
