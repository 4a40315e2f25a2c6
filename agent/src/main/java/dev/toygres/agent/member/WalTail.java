package dev.toygres.agent.member;

import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agentapi.Agent.WalPiece;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
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

    private WalTail(Path directory, int timeline, long segmentBytes) {
        this.directory = directory;
        this.timeline = timeline;
        this.segmentBytes = segmentBytes;
    }

    /**
     * @param from where a record begins, or the one before it ended
     */
    static WalPiece read(Path directory, int timeline, Lsn from, int most) {
        var size = segmentSize(directory, timeline);
        if (size.isEmpty()) {
            return new WalPiece(from.toString(), from.toString(), "");
        }
        var tail = new WalTail(directory, timeline, size.get());
        var end = tail.end(from);
        var length = (int) Math.min(most, end.bytesSince(from));
        var bytes = tail.bytes(from.value(), length);
        return new WalPiece(
                from.toString(), end.toString(), Base64.getEncoder().encodeToString(bytes));
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

    /** Where the last valid record ends; where it began to look when there is none. */
    private Lsn end(Lsn from) {
        var end = from.value();
        var before = -1L;
        while (true) {
            var start = afterHeader(end);
            var next = endOfRecord(start, before);
            if (next < 0) {
                return new Lsn(end);
            }
            before = start;
            end = next;
        }
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
        return end >= 0 && isValid(body, before) ? afterSwitch(body, align(end)) : -1;
    }

    private static long align(long at) {
        return (at + 7) & ~7L;
    }

    /** After a switch the rest of the segment is empty. */
    private long afterSwitch(byte[] record, long end) {
        var isSwitch = record[17] == 0 && (record[16] & 0xF0) == SWITCH;
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
        if (!Files.exists(segment(page))) {
            return false;
        }
        var header = ByteBuffer.wrap(bytes(page, PAGE_HEADER)).order(ByteOrder.nativeOrder());
        return header.getShort(0) != 0 && header.getLong(8) == page;
    }

    private Path segment(long at) {
        var number = Long.divideUnsigned(at, segmentBytes);
        var perLog = 0x1_0000_0000L / segmentBytes;
        return directory.resolve(
                "%08X%08X%08X".formatted(timeline, number / perLog, number % perLog));
    }

    private byte[] bytes(long from, int length) {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            var at = from + bytes.position();
            var part = (int) Math.min(bytes.remaining(), segmentBytes - at % segmentBytes);
            bytes.limit(bytes.position() + part);
            read(at, bytes);
            bytes.limit(length);
        }
        return bytes.array();
    }

    private void read(long at, ByteBuffer into) {
        try (var file = FileChannel.open(segment(at), StandardOpenOption.READ)) {
            var offset = at % segmentBytes;
            while (into.hasRemaining()) {
                var got = file.read(into, offset);
                if (got < 0) {
                    throw new IOException(segment(at) + " is cut short");
                }
                offset += got;
            }
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
        var file = segment(at);
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
