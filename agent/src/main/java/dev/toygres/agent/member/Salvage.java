package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.OrderResult.Tail;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Keeps aside the WAL of data that goes its own way no longer (S8). */
final class Salvage {
    private static final String LABEL = "salvage.json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Salvage() {}

    /** What lies beside the segments. */
    private record Label(int timeline, long term, Tail tail) {}

    /** Complete when its label is there. */
    static void keep(Member member, Ground ground, Lsn fork, long term) {
        var end = WalEnd.of(member, ground);
        var timeline = end.lineage().last().timeline();
        var name = "%08X-%s-%s".formatted(timeline, fork, end.position()).replace('/', '_');
        var place = member.home.salvage().resolve(name);
        var file = place.resolve(LABEL);
        if (Files.exists(file)) {
            return;
        }
        var count = TailCount.of(member, ground, end, fork);
        Durable.directory(member.home.salvage(), "rwx------");
        Durable.directory(place, "rwx------");
        copySegments(member.home.data().resolve("pg_wal"), place, end, fork);
        var tail =
                new Tail(
                        place.toString(),
                        fork.toString(),
                        end.position().toString(),
                        end.position().bytesSince(fork),
                        count.transactions(),
                        count.firstAt(),
                        count.lastAt());
        Durable.write(file, JSON.writeValueAsString(new Label(timeline, term, tail)));
    }

    /** What was kept last in that term. */
    static Optional<Tail> kept(Member member, long term) {
        var place = member.home.salvage();
        if (!Files.exists(place)) {
            return Optional.empty();
        }
        try (var labels = Files.walk(place, 2)) {
            return labels.filter(file -> file.endsWith(LABEL))
                    .sorted(Comparator.comparing(Salvage::writtenAt).reversed())
                    .flatMap(file -> read(file).stream())
                    .filter(label -> label.term() == term)
                    .map(Label::tail)
                    .findFirst();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + place, cause);
        }
    }

    private static FileTime writtenAt(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static Optional<Label> read(Path file) {
        return Durable.read(file).map(text -> JSON.readValue(text, Label.class));
    }

    private static void copySegments(Path wal, Path place, WalEnd end, Lsn fork) {
        var control = end.control();
        var size = control.segmentBytes();
        for (var at = fork.value() / size * size; at < end.position().value(); at += size) {
            var segment = control.segment(end.lineage().last().timeline(), new Lsn(at));
            if (Files.exists(wal.resolve(segment))) {
                Durable.copy(wal.resolve(segment), place.resolve(segment));
            }
        }
    }
}
