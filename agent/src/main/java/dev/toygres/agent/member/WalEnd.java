package dev.toygres.agent.member;

import dev.toygres.agent.process.ToolFailed;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the WAL of stopped data ends.
 *
 * @param lineage its timelines up to that end
 * @param clean it ends with a shutdown checkpoint: whoever has that has everything
 */
record WalEnd(Lsn position, boolean clean, Lineage lineage, ControlData control) {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern POSITION = Pattern.compile("at ([0-9A-F]+/[0-9A-F]+)");

    static WalEnd of(Member member, Ground ground) {
        var data = member.home.data();
        var bin = ground.installations().bin(member.known().postgresMajor());
        var control = ControlData.of(data, bin, ground.tools());
        if (control.cleanlyShutDown()) {
            var end = endOfCheckpoint(data, control);
            return new WalEnd(end, true, lineage(data, control.timeline(), end), control);
        }
        var timeline = newestTimeline(data, control);
        var from = lineage(data, timeline, control.checkpoint()).startOf(timeline);
        var start = timeline == control.timeline() ? control.checkpoint() : from;
        var end = lastRecord(data, bin, ground, timeline, start);
        return new WalEnd(end, false, lineage(data, timeline, end), control);
    }

    /** The length of a record is its first word; it never lies across two pages. */
    private static Lsn endOfCheckpoint(Path data, ControlData control) {
        var start = control.checkpoint();
        var file = data.resolve("pg_wal").resolve(control.segment(control.timeline(), start));
        try (var channel = Files.newByteChannel(file)) {
            var length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
            channel.position(Long.remainderUnsigned(start.value(), control.segmentBytes()));
            if (channel.read(length) < Integer.BYTES) {
                throw new OrderFailed("the last checkpoint is not in " + file);
            }
            return control.endOfRecord(start, Integer.toUnsignedLong(length.getInt(0)));
        } catch (IOException cause) {
            throw new OrderFailed("the last checkpoint is not found: " + cause.getMessage(), cause);
        }
    }

    private static Lineage lineage(Path data, int timeline, Lsn end) {
        var file = data.resolve("pg_wal").resolve(Lineage.fileName(timeline));
        try {
            var text = Files.exists(file) ? Files.readString(file) : "";
            return Lineage.of(text, timeline, end);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** A promotion begins a timeline that pg_control learns of with the next checkpoint only. */
    private static int newestTimeline(Path data, ControlData control) {
        var newest = control.timeline();
        try (var segments = Files.newDirectoryStream(data.resolve("pg_wal"), "0*")) {
            for (var segment : segments) {
                var name = segment.getFileName().toString();
                if (name.length() == 24) {
                    newest = Math.max(newest, Integer.parseUnsignedInt(name.substring(0, 8), 16));
                }
            }
            return newest;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** pg_waldump reads valid records until there is none, and says where that was. */
    private static Lsn lastRecord(Path data, Path bin, Ground ground, int timeline, Lsn start) {
        var command =
                List.of(
                        bin.resolve("pg_waldump").toString(),
                        "--quiet",
                        "--path=" + data.resolve("pg_wal"),
                        "--timeline=" + timeline,
                        "--start=" + start);
        try {
            ground.tools().run(LIMIT, command);
            return start;
        } catch (ToolFailed ended) {
            return POSITION.matcher(String.valueOf(ended.getMessage()))
                    .results()
                    .map(found -> Lsn.parse(found.group(1)))
                    .reduce((_, last) -> last)
                    .orElse(start);
        }
    }
}
