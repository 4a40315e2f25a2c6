package dev.toygres.agent.member;

import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.agentapi.AgentRefusal;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * WAL of stopped data from a position on, as far as its records are valid: what crash recovery
 * would replay. A record is its header (length, transaction, position of the record before, kind,
 * checksum) and what follows; every page begins with a header of its own.
 *
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/access/xlogrecord.h">xlogrecord.h</a>
 */
final class WalTail {
    private static final int PAGE = 8192;
    private static final int PAGE_HEADER = 24;
    private static final int SEGMENT_HEADER = 40;
    private static final int RECORD_HEADER = 24;
    private static final int CHECKSUM_AT = 20;
    private static final int LARGEST = 1 << 30;
    private static final int SWITCH = 0x40;

    private final Path directory;
    private final int timeline;
    private final long segmentBytes;
    private final Map<Long, Optional<MappedByteBuffer>> segments = new HashMap<>();

    private WalTail(Path directory, int timeline, long segmentBytes) {
        this.directory = directory;
        this.timeline = timeline;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Whole records, so that the next piece begins with one as well.
     *
     * @param from where a record begins, or the one before it ended
     */
    static WalPiece read(Path directory, int timeline, Lsn from, int most) {
        return segmentSize(directory, timeline)
                .map(size -> new WalTail(directory, timeline, size).piece(from.value(), most))
                .orElseGet(() -> new WalPiece(from.toString(), from.toString(), "", false));
    }

    /** That of the newest WAL: pg_control learns of a timeline with the next checkpoint only. */
    static int newestTimeline(Path directory) {
        try (var segments = Files.newDirectoryStream(directory, "????????????????????????")) {
            var newest = 0;
            for (var segment : segments) {
                var name = segment.getFileName().toString().substring(0, 8);
                newest = Math.max(newest, Integer.parseUnsignedInt(name, 16));
            }
            return newest;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** All segments of one data directory have one size. */
    private static Optional<Long> segmentSize(Path directory, int timeline) {
        var glob = "%08X????????????????".formatted(timeline);
        try (var segments = Files.newDirectoryStream(directory, glob)) {
            for (var segment : segments) {
                return Optional.of(Files.size(segment));
            }
            return Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private WalPiece piece(long from, int most) {
        var filled = from;
        var next = from;
        for (var before = -1L; ; ) {
            var start = afterHeader(next);
            var end = endOfRecord(start, before);
            if (end < 0) {
                return piece(from, filled, next, false);
            }
            if (end - from > most) {
                return piece(from, filled, next, true);
            }
            filled = end;
            next = afterSwitch(start, end);
            before = start;
            if (next != end) {
                return piece(from, filled, next, true);
            }
        }
    }

    private WalPiece piece(long from, long filled, long next, boolean more) {
        if (more && next == from) {
            throw new AgentRefusal(
                    "the record at %s is too large to be told".formatted(new Lsn(from)));
        }
        var bytes = bytes(from, (int) (filled - from));
        return new WalPiece(
                new Lsn(from).toString(),
                new Lsn(next).toString(),
                Base64.getEncoder().encodeToString(bytes),
                more);
    }

    /** A position on the edge of a page means the first one behind the header of that page. */
    private long afterHeader(long at) {
        return at % PAGE == 0 ? at + header(at) : at;
    }

    private int header(long page) {
        return page % segmentBytes == 0 ? SEGMENT_HEADER : PAGE_HEADER;
    }

    /** -1: there is no valid record. */
    private long endOfRecord(long start, long before) {
        if (!hasPage(start)) {
            return -1;
        }
        var length = ByteBuffer.wrap(bytes(start, 4)).order(ByteOrder.nativeOrder()).getInt();
        if (length < RECORD_HEADER || length > LARGEST) {
            return -1;
        }
        var body = new byte[length];
        var end = gather(start, body);
        return end >= 0 && isValid(body, before) ? align(end) : -1;
    }

    private static long align(long at) {
        return (at + 7) & ~7L;
    }

    /** After a switch the rest of the segment is empty. */
    private long afterSwitch(long start, long end) {
        var header = new byte[RECORD_HEADER];
        var ignored = gather(start, header);
        var isSwitch = header[17] == 0 && (header[16] & 0xF0) == SWITCH;
        return isSwitch && end % segmentBytes != 0 ? (end / segmentBytes + 1) * segmentBytes : end;
    }

    private static boolean isValid(byte[] record, long before) {
        var header = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
        var checksum = new CRC32C();
        checksum.update(record, RECORD_HEADER, record.length - RECORD_HEADER);
        checksum.update(record, 0, CHECKSUM_AT);
        return (before < 0 || header.getLong(8) == before)
                && (int) checksum.getValue() == header.getInt(CHECKSUM_AT);
    }

    /** The record without the page headers in between; answers where it ends, or -1. */
    private long gather(long start, byte[] into) {
        var at = start;
        for (var got = 0; got < into.length; ) {
            if (at % PAGE == 0) {
                if (!hasPage(at)) {
                    return -1;
                }
                at += header(at);
            }
            var part = (int) Math.min(into.length - got, PAGE - at % PAGE);
            System.arraycopy(bytes(at, part), 0, into, got, part);
            got += part;
            at += part;
        }
        return at;
    }

    /** Whether the page that holds the position was written for that position. */
    private boolean hasPage(long at) {
        var page = at - at % PAGE;
        if (segment(page).isEmpty()) {
            return false;
        }
        var header = ByteBuffer.wrap(bytes(page, PAGE_HEADER)).order(ByteOrder.nativeOrder());
        return header.getShort(0) != 0 && header.getLong(8) == page;
    }

    private Path file(long at) {
        var number = Long.divideUnsigned(at, segmentBytes);
        var perLog = 0x1_0000_0000L / segmentBytes;
        return directory.resolve(
                "%08X%08X%08X".formatted(timeline, number / perLog, number % perLog));
    }

    private byte[] bytes(long from, int length) {
        var bytes = new byte[length];
        for (var done = 0; done < length; ) {
            var at = from + done;
            var part = (int) Math.min(length - done, segmentBytes - at % segmentBytes);
            var found = segment(at).orElseThrow(() -> new OrderFailed(file(at) + " is not there"));
            found.get((int) (at % segmentBytes), bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /** Mapped once: a tail has hundreds of thousands of records. */
    private Optional<MappedByteBuffer> segment(long at) {
        return segments.computeIfAbsent(at / segmentBytes, _ -> map(file(at)));
    }

    private Optional<MappedByteBuffer> map(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var open = FileChannel.open(file, StandardOpenOption.READ)) {
            return Optional.of(open.map(FileChannel.MapMode.READ_ONLY, 0, segmentBytes));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Puts WAL into its place, segment by segment, durably. */
    static void write(Path directory, ServiceUser user, int timeline, Lsn from, byte[] bytes) {
        var size =
                segmentSize(directory, timeline)
                        .orElseThrow(
                                () ->
                                        new OrderFailed(
                                                "there is no WAL of timeline %d in %s"
                                                        .formatted(timeline, directory)));
        var tail = new WalTail(directory, timeline, size);
        for (var done = 0; done < bytes.length; ) {
            var at = from.value() + done;
            var part = (int) Math.min(bytes.length - done, size - at % size);
            tail.write(user, at, ByteBuffer.wrap(bytes, done, part));
            done += part;
        }
    }

    /** In place: the startup process may have the file open. */
    private void write(ServiceUser user, long at, ByteBuffer bytes) {
        var file = file(at);
        var isNew = !Files.exists(file);
        try (var open =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            if (isNew) {
                open.write(ByteBuffer.wrap(new byte[1]), segmentBytes - 1);
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                user.own(file);
            }
            for (var offset = at % segmentBytes; bytes.hasRemaining(); ) {
                offset += open.write(bytes, offset);
            }
            open.force(true);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
