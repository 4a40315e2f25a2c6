package dev.toygres.agent.member;

import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * global/pg_control of a data directory: its first eight bytes are the system identifier. A copy of
 * a template must get one of its own, or data of different instances could be taken for the same
 * (ADR 0004).
 */
final class ControlFile {
    /** All that matters lies in the first sector, so that Postgres itself writes it atomically. */
    private static final int SECTOR = 512;

    /**
     * Layout of PG_CONTROL_VERSION 1300, majors 13 to 16 (catalog/pg_control.h, x86-64 and arm64).
     */
    private static final int LAYOUT = 1300;

    private static final int VERSION_AT = 8;
    private static final int STATE_AT = 16;
    private static final int SHUT_DOWN = 1;
    private static final int CHECKPOINT_AT = 32;
    private static final int TIMELINE_AT = 48;
    private static final int FLOAT_AT = 208;
    private static final double FLOAT_FORMAT = 1234567.0;
    private static final int WAL_BLOCK_AT = 224;
    private static final int SEGMENT_AT = 228;
    private static final int CHECKSUM_AT = 288;

    private static final SecureRandom RANDOM = new SecureRandom();

    private ControlFile() {}

    /** Whose data this is; empty when there is no such file. */
    static Optional<String> systemIdentifier(Path data) {
        try (var file = Files.newByteChannel(path(data))) {
            var bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
            if (file.read(bytes) < Long.BYTES) {
                return Optional.empty();
            }
            return Optional.of(Long.toUnsignedString(bytes.getLong(0)));
        } catch (NoSuchFileException | NotDirectoryException none) {
            return Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** What is in it; empty when its layout is not one that we know, or its checksum is wrong. */
    static Optional<ControlData> read(Path data) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(path(data)));
            bytes.order(ByteOrder.nativeOrder());
            return isKnown(bytes) ? Optional.of(parse(bytes)) : Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static boolean isKnown(ByteBuffer bytes) {
        return bytes.limit() >= SECTOR
                && bytes.getInt(VERSION_AT) == LAYOUT
                && bytes.getDouble(FLOAT_AT) == FLOAT_FORMAT
                && bytes.getInt(CHECKSUM_AT) == checksum(bytes, CHECKSUM_AT);
    }

    private static ControlData parse(ByteBuffer bytes) {
        return new ControlData(
                bytes.getInt(STATE_AT) == SHUT_DOWN,
                new Lsn(bytes.getLong(CHECKPOINT_AT)),
                bytes.getInt(TIMELINE_AT),
                bytes.getInt(WAL_BLOCK_AT),
                bytes.getInt(SEGMENT_AT));
    }

    /** A new identifier in the manner of initdb: seconds in the upper half, chance in the lower. */
    static String newSystemIdentifier(Instant now) {
        return Long.toUnsignedString(
                now.getEpochSecond() << 32 | Integer.toUnsignedLong(RANDOM.nextInt()));
    }

    /**
     * Gives a cleanly shut down copy its own identity. WAL made under the old one must be replaced
     * by pg_resetwal afterwards.
     *
     * @param nonce the copy's mock authentication nonce, which must not be shared either
     */
    static void stamp(Path data, String systemIdentifier, byte[] nonce) {
        try {
            var content = Files.readAllBytes(path(data));
            var bytes = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
            var checksumAt = checksumOffset(bytes);
            var nonceAt = find(content, nonce, checksumAt);
            bytes.putLong(0, Long.parseUnsignedLong(systemIdentifier));
            bytes.put(nonceAt, random(nonce.length));
            bytes.putInt(checksumAt, checksum(bytes, checksumAt));
            Files.write(path(data), content);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The layout differs between majors, but the checksum always covers all that is before it. */
    private static int checksumOffset(ByteBuffer bytes) {
        for (int at = Long.BYTES; at < SECTOR; at += Integer.BYTES) {
            if (bytes.getInt(at) != 0 && bytes.getInt(at) == checksum(bytes, at)) {
                return at;
            }
        }
        throw new IllegalStateException("pg_control has no checksum where one is expected");
    }

    private static int checksum(ByteBuffer bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }

    private static int find(byte[] content, byte[] wanted, int limit) {
        for (int at = 0; at + wanted.length <= limit; at++) {
            if (ByteBuffer.wrap(content, at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return at;
            }
        }
        throw new IllegalStateException("pg_control does not hold the nonce that it reports");
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static Path path(Path data) {
        return data.resolve("global").resolve("pg_control");
    }
}
