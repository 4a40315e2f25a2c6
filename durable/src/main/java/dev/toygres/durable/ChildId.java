package dev.toygres.durable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The id of a child: the same on every resume of the step that starts it. */
final class ChildId {
    private static final int LENGTH = 12;

    private ChildId() {}

    static String of(String parent, int generation, String path) {
        String origin = parent + '\n' + generation + '\n' + path;
        return parent + "-" + hash(origin).substring(0, LENGTH);
    }

    private static String hash(String origin) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(origin.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
