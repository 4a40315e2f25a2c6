package dev.toygres.server.token;

import dev.toygres.model.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** New tokens: 256 random bits behind a prefix that secret scanners can find. */
public final class TokenValue {
    private static final Pattern SHAPE = Pattern.compile("tg_[A-Za-z0-9_-]{43}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private TokenValue() {}

    static Secret fresh() {
        return new Secret(
                "tg_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32)));
    }

    static String freshId() {
        return "tok-" + HexFormat.of().formatHex(bytes(8));
    }

    /** Whether it looks like one, so that a file with something else in it is noticed. */
    static boolean looksRight(String text) {
        return SHAPE.matcher(text).matches();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
