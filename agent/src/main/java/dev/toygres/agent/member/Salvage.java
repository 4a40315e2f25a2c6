package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.OrderResult.Tail;
import dev.toygres.model.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** Keeps aside the WAL of data that goes its own way no longer (S8). */
final class Salvage {
    private static final String LABEL = "salvage.json";
    private static final String NOT_KNOWN = "not known";
    private static final JsonMapper JSON = JsonMapper.shared();

    private Salvage() {}

    /**
     * What lies beside the segments.
     *
     * @param counted whether all of it was read; one from before that was asked does not say so
     */
    private record Label(int timeline, long term, Tail tail, Optional<Boolean> counted) {
        Label {
            counted = Objects.requireNonNullElse(counted, Optional.empty());
        }

        boolean isHarmless() {
            return tail.transactions() == 0 && counted.orElse(false);
        }
    }

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
                        count.lastAt(),
                        Optional.empty());
        Durable.write(
                file,
                JSON.writeValueAsString(
                        new Label(timeline, term, tail, Optional.of(count.whole()))));
        forgetHarmless(member.home, term);
    }

    /**
     * All WAL that is there, of data that goes and cannot be asked where it parted: what of it
     * nobody else has is for somebody to find out. Linked, so that it needs no room; the data stays
     * as it is until it goes.
     */
    static void keepAll(MemberHome home, String why, long term) {
        var place = home.salvage().resolve("unread-" + term);
        var file = place.resolve(LABEL);
        if (Files.exists(file)) {
            return;
        }
        Durable.directory(home.salvage(), "rwx------");
        Durable.directory(place, "rwx------");
        var bytes = 0L;
        for (var segment : walOf(home)) {
            bytes += keep(segment, place.resolve(segment.getFileName()));
        }
        var tail =
                new Tail(
                        place.toString(),
                        NOT_KNOWN,
                        NOT_KNOWN,
                        bytes,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(why));
        Durable.write(file, JSON.writeValueAsString(new Label(0, term, tail, Optional.of(false))));
        forgetHarmless(home, term);
    }

    /**
     * What was kept in former terms, and of which it was found that no transaction was lost with
     * it: else every failover would leave some segments for ever. What somebody may want back
     * stays.
     */
    private static void forgetHarmless(MemberHome home, long term) {
        labels(home).entrySet().stream()
                .filter(one -> one.getValue().term() < term && one.getValue().isHarmless())
                .forEach(one -> forget(one.getKey()));
    }

    /** The label last: without it nobody would ever know that this may go. */
    private static void forget(Path label) {
        var place = Objects.requireNonNull(label.getParent());
        try (var segments = Files.list(place)) {
            segments.filter(file -> !file.equals(label)).forEach(Durable::delete);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + place, cause);
        }
        Durable.delete(place);
    }

    /** Segments and histories; none where there is no such directory any more. */
    private static List<Path> walOf(MemberHome home) {
        try (var all = Files.list(home.data().resolve("pg_wal"))) {
            return all.filter(Files::isRegularFile).toList();
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return List.of();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read the WAL of " + home.root(), cause);
        }
    }

    private static long keep(Path segment, Path kept) {
        try {
            if (!Files.exists(kept)) {
                link(segment, kept);
            }
            return Files.size(kept);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot keep " + segment, cause);
        }
    }

    /** On a file system of its own, or on one that has no links, it is copied. */
    private static void link(Path segment, Path kept) {
        try {
            Files.createLink(kept, segment);
        } catch (IOException | UnsupportedOperationException noLink) {
            var making = kept.resolveSibling(kept.getFileName() + ".making");
            Durable.copy(segment, making);
            Durable.move(making, kept);
        }
    }

    /** What was kept last in that term. */
    static Optional<Tail> kept(MemberHome home, long term) {
        return labels(home).entrySet().stream()
                .filter(one -> one.getValue().term() == term)
                .max(Comparator.comparing(one -> writtenAt(one.getKey())))
                .map(one -> one.getValue().tail());
    }

    private static Map<Path, Label> labels(MemberHome home) {
        var place = home.salvage();
        if (!Files.exists(place)) {
            return Map.of();
        }
        try (var files = Files.walk(place, 2)) {
            return files.filter(file -> file.endsWith(LABEL))
                    .collect(Collectors.toMap(Function.identity(), Salvage::read));
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

    private static Label read(Path file) {
        return JSON.readValue(Durable.read(file).orElseThrow(), Label.class);
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
