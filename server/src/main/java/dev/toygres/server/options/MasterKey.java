package dev.toygres.server.options;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The key under which the secret store is sealed: a file with 32 bytes in base64. */
public final class MasterKey {
    private static final int BYTES = 32;

    private MasterKey() {}

    /** Never quotes what it read. */
    public static byte[] read(Path file) {
        try {
            byte[] key = Base64.getDecoder().decode(Files.readString(file).strip());
            if (key.length != BYTES) {
                throw new IllegalArgumentException("length");
            }
            return key;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the master key in " + file, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the master key in %s must be %d bytes in base64".formatted(file, BYTES), e);
        }
    }
}
