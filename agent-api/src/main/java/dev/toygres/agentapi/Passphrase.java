package dev.toygres.agentapi;

import dev.toygres.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** Random passwords, and the SCRAM-SHA-256 verifiers that Postgres keeps in their stead. */
public final class Passphrase {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ITERATIONS = 4096;
    private static final int KEY_BITS = 256;

    private Passphrase() {}

    /** 192 bits, in letters, digits, hyphen and underscore. */
    public static Secret random() {
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(24)));
    }

    /** The verifier of an ASCII password, as in RFC 5803 and pg_authid. */
    public static String verifier(Secret password) {
        try {
            var salt = bytes(16);
            var spec = new PBEKeySpec(password.reveal().toCharArray(), salt, ITERATIONS, KEY_BITS);
            var salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded();
            var sha = MessageDigest.getInstance("SHA-256");
            var stored = sha.digest(hmac(salted, "Client Key"));
            var server = hmac(salted, "Server Key");
            return "SCRAM-SHA-256$%d:%s$%s:%s"
                    .formatted(ITERATIONS, text(salt), text(stored), text(server));
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("no SCRAM here", cause);
        }
    }

    private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
