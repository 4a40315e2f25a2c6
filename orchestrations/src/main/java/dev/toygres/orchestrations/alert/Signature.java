package dev.toygres.orchestrations.alert;

import dev.toygres.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves to whoever gets a notification who sent it, and when: HMAC-SHA256 over id, time and body,
 * as <a href="https://www.standardwebhooks.com/">Standard Webhooks</a> has it, for which there are
 * libraries to verify it.
 */
final class Signature {
    private static final String BASE64_KEY = "whsec_";

    private Signature() {}

    static String of(Secret secret, String id, Instant at, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            byte[] signed =
                    mac.doFinal(
                            (id + "." + at.getEpochSecond() + "." + body)
                                    .getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isKey(Secret secret) {
        try {
            return key(secret).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The bytes behind whsec_, or the text itself. */
    private static byte[] key(Secret secret) {
        String text = secret.reveal();
        return text.startsWith(BASE64_KEY)
                ? Base64.getDecoder().decode(text.substring(BASE64_KEY.length()))
                : text.getBytes(StandardCharsets.UTF_8);
    }
}
