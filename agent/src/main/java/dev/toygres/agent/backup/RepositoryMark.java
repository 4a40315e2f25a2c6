package dev.toygres.agent.backup;

import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agentapi.Repository;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whose repository it is and whether a passphrase is the right one, in an object of its own: two
 * instances never share a place (P52), and a wrong key is found before it is used.
 *
 * @param check derived from the passphrase and the salt; empty: not encrypted
 */
record RepositoryMark(String instance, String salt, Optional<String> check) {
    static final String OBJECT = "toygres.json";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ROUNDS = 100_000;
    private static final int BITS = 256;

    static RepositoryMark of(String instance, Repository repository) {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        var salt = HexFormat.of().formatHex(bytes);
        return new RepositoryMark(
                instance, salt, repository.passphrase().map(pass -> check(pass, salt)));
    }

    private static String check(String passphrase, String salt) {
        try {
            var spec =
                    new PBEKeySpec(
                            passphrase.toCharArray(), HexFormat.of().parseHex(salt), ROUNDS, BITS);
            return HexFormat.of()
                    .formatHex(
                            SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                                    .generateSecret(spec)
                                    .getEncoded());
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("no PBKDF2 here", cause);
        }
    }

    static RepositoryMark parse(String text) {
        try {
            return JSON.readValue(text, RepositoryMark.class);
        } catch (JacksonException cause) {
            throw new OrderFailed("the repository's " + OBJECT + " is damaged", cause);
        }
    }

    String text() {
        return JSON.writeValueAsString(this) + "\n";
    }

    /** Only a restore may read another instance's. */
    void requireOwner(String wanted) {
        if (!instance.equals(wanted)) {
            throw new OrderFailed(
                    "this place belongs to instance " + instance + ": choose another path");
        }
    }

    void requireKey(Repository repository) {
        var given = repository.passphrase().map(pass -> check(pass, salt));
        if (check.isEmpty() && given.isPresent()) {
            throw new OrderFailed(
                    "what is there is not encrypted: a passphrase needs another path");
        }
        if (check.isPresent() && given.isEmpty()) {
            throw new OrderFailed("what is there is encrypted: the passphrase is missing");
        }
        if (!check.equals(given)) {
            throw new OrderFailed("what is there is encrypted with another passphrase");
        }
    }
}
