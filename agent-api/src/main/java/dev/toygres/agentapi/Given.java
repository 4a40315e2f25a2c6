package dev.toygres.agentapi;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which settings a member was given last, so that whoever knows what is agreed sees whether it was
 * away when that changed.
 *
 * @param digest of them, see {@link #digest(Map)}
 * @param refused digest of others since, with which Postgres did not come up: it has these again
 */
public record Given(String digest, Optional<String> refused) {

    /** The same for the same names and values, on every host. */
    public static String digest(Map<String, String> settings) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    new TreeMap<>(settings)
                                            .toString()
                                            .getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
