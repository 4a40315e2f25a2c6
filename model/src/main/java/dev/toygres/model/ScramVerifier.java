package dev.toygres.model;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Postgres keeps of a password (RFC 5803): enough to check it, not enough to log in with it.
 * So a password never has to travel to where it is checked.
 */
public final class ScramVerifier {
    /** The default of Postgres 15. */
    private static final int ITERATIONS = 4096;

    private ScramVerifier() {}

    /**
     * The verifier.
     *
     * @param password ASCII, as ours are; others would need SASLprep
     */
    public static String of(Secret password, byte[] salt) {
        try {
            byte[] salted = salted(password, salt);
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            byte[] serverKey = hmac(salted, "Server Key");
            return "SCRAM-SHA-256$%d:%s$%s:%s"
                    .formatted(ITERATIONS, base64(salt), base64(storedKey), base64(serverKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BUG: every JDK has SHA-256", e);
        }
    }

    private static byte[] salted(Secret password, byte[] salt) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password.reveal().toCharArray(), salt, ITERATIONS, 256);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, String words) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(words.getBytes(StandardCharsets.US_ASCII));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
