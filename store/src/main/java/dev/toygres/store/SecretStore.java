package dev.toygres.store;

import dev.toygres.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * The only place of the catalogue that holds secrets (D14): AES-256-GCM under the master key, bound
 * to the secret's name, so that two rows cannot be swapped.
 */
public final class SecretStore {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec masterKey;
    private final SecureRandom random = new SecureRandom();

    /**
     * With this master key.
     *
     * @param masterKey 32 bytes
     */
    public SecretStore(byte[] masterKey) {
        if (masterKey.length != 32) {
            throw new IllegalArgumentException(
                    "the master key must have 32 bytes, has " + masterKey.length);
        }
        this.masterKey = new SecretKeySpec(masterKey, "AES");
    }

    /** Keeps the first value: a step that is repeated finds what it made before. */
    public void putIfAbsent(Handle handle, String name, Secret value) {
        handle.createUpdate(
                        "insert into catalogue.secret (name, sealed) values (:name, :sealed) on conflict"
                                + " (name) do nothing")
                .bind("name", name)
                .bind("sealed", seal(name, value))
                .execute();
    }

    /** The newest value counts. */
    public void put(Handle handle, String name, Secret value) {
        handle.createUpdate(
                        """
                        insert into catalogue.secret (name, sealed) values (:name, :sealed)
                        on conflict (name) do update set sealed = :sealed, updated_at = now()
                        """)
                .bind("name", name)
                .bind("sealed", seal(name, value))
                .execute();
    }

    /** When it was last written; empty when it is not there. */
    public static Optional<Instant> updatedAt(Handle handle, String name) {
        return handle.createQuery("select updated_at from catalogue.secret where name = :name")
                .bind("name", name)
                .mapTo(Instant.class)
                .findOne();
    }

    public Optional<Secret> find(Handle handle, String name) {
        return handle.createQuery("select sealed from catalogue.secret where name = :name")
                .bind("name", name)
                .mapTo(byte[].class)
                .findOne()
                .map(kept -> open(name, kept));
    }

    public Secret get(Handle handle, String name) {
        return find(handle, name)
                .orElseThrow(() -> new IllegalStateException("there is no secret " + name));
    }

    /** All secrets whose name starts with the prefix. */
    public void removeAll(Handle handle, String prefix) {
        handle.createUpdate("delete from catalogue.secret where starts_with(name, :prefix)")
                .bind("prefix", prefix)
                .execute();
    }

    private byte[] seal(String name, Secret value) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text =
                cipher(
                        Cipher.ENCRYPT_MODE,
                        name,
                        nonce,
                        value.reveal().getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(NONCE_BYTES + text.length).put(nonce).put(text).array();
    }

    private Secret open(String name, byte[] sealed) {
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] text = new byte[sealed.length - NONCE_BYTES];
        ByteBuffer.wrap(sealed).get(nonce).get(text);
        return new Secret(
                new String(cipher(Cipher.DECRYPT_MODE, name, nonce, text), StandardCharsets.UTF_8));
    }

    private byte[] cipher(int mode, String name, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, masterKey, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "secret "
                            + name
                            + " cannot be read: is this the master key it was sealed with?",
                    e);
        }
    }
}
