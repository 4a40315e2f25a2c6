package dev.toygres.agent.backup;

import dev.toygres.agent.member.OrderFailed;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A stream in frames of at most 1 MiB, each sealed with AES-256-GCM under a key of this stream
 * alone; number and last-flag are part of what is sealed, so that nothing can be cut off, left out
 * or put elsewhere unseen.
 */
final class Frames {
    static final int FRAME = 1 << 20;
    private static final int MAGIC = 0x54474431;
    private static final int SALT = 16;
    private static final int TAG_BITS = 128;
    private static final int ROUNDS = 100_000;
    private static final int LAST = 1 << 31;

    private final Optional<SecretKeySpec> key;
    private long number;

    private Frames(Optional<SecretKeySpec> key) {
        this.key = key;
    }

    /** Closing it writes the last frame; without that the stream is not whole. */
    static OutputStream writing(OutputStream to, Optional<String> passphrase) throws IOException {
        var salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        var out = new DataOutputStream(to);
        out.writeInt(MAGIC);
        out.writeBoolean(passphrase.isPresent());
        out.write(salt);
        return new Writer(out, new Frames(passphrase.map(pass -> key(pass, salt))));
    }

    static InputStream reading(InputStream from, Optional<String> passphrase) throws IOException {
        var in = new DataInputStream(from);
        if (in.readInt() != MAGIC) {
            throw new OrderFailed("not a dump of toygres");
        }
        var sealed = in.readBoolean();
        var salt = in.readNBytes(SALT);
        if (sealed != passphrase.isPresent()) {
            throw new OrderFailed(
                    sealed ? "the dump is encrypted: no passphrase" : "the dump is not encrypted");
        }
        return new Reader(in, new Frames(passphrase.map(pass -> key(pass, salt))));
    }

    private static SecretKeySpec key(String passphrase, byte[] salt) {
        try {
            var spec = new PBEKeySpec(passphrase.toCharArray(), salt, ROUNDS, 256);
            var bytes =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded();
            return new SecretKeySpec(bytes, "AES");
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("no PBKDF2 here", cause);
        }
    }

    private byte[] pass(int mode, byte[] content, int length, boolean last) {
        if (key.isEmpty()) {
            number++;
            return Arrays.copyOf(content, length);
        }
        try {
            var nonce = ByteBuffer.allocate(12).putInt(0).putLong(number++).array();
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key.get(), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(new byte[] {(byte) (last ? 1 : 0)});
            return cipher.doFinal(content, 0, length);
        } catch (GeneralSecurityException cause) {
            throw new OrderFailed("a frame of the dump is damaged or of another key", cause);
        }
    }

    private static final class Writer extends OutputStream {
        private final DataOutputStream to;
        private final Frames frames;
        private final byte[] buffer = new byte[FRAME];
        private int filled;
        private boolean closed;

        Writer(DataOutputStream to, Frames frames) {
            this.to = to;
            this.frames = frames;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = from, left = length; left > 0; ) {
                if (filled == FRAME) {
                    flush(false);
                }
                var part = Math.min(left, FRAME - filled);
                System.arraycopy(bytes, at, buffer, filled, part);
                filled += part;
                at += part;
                left -= part;
            }
        }

        private void flush(boolean last) throws IOException {
            var sealed = frames.pass(Cipher.ENCRYPT_MODE, buffer, filled, last);
            to.writeInt(last ? sealed.length | LAST : sealed.length);
            to.write(sealed);
            filled = 0;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                flush(true);
                to.flush();
            }
        }
    }

    private static final class Reader extends InputStream {
        private final DataInputStream from;
        private final Frames frames;
        private byte @Nullable [] frame;
        private int at;
        private boolean last;

        Reader(DataInputStream from, Frames frames) {
            this.from = from;
            this.frames = frames;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var now = frame;
            while (now == null || at == now.length) {
                if (last) {
                    return -1;
                }
                now = next();
            }
            var part = Math.min(length, now.length - at);
            System.arraycopy(now, at, bytes, offset, part);
            at += part;
            return part;
        }

        private byte[] next() throws IOException {
            try {
                var word = from.readInt();
                last = (word & LAST) != 0;
                var length = word & ~LAST;
                if (length > FRAME + TAG_BITS) {
                    throw new OrderFailed("a frame of the dump is damaged");
                }
                var sealed = from.readNBytes(length);
                if (sealed.length < length) {
                    throw new EOFException();
                }
                var opened = frames.pass(Cipher.DECRYPT_MODE, sealed, length, last);
                frame = opened;
                at = 0;
                return opened;
            } catch (EOFException cut) {
                throw new OrderFailed("the dump is cut off", cut);
            }
        }
    }
}
