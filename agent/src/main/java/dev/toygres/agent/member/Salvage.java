package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.model.Lsn;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** Keeps aside the WAL of data that goes its own way no longer (S8). */
final class Salvage {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Salvage() {}

    /** What lies beside the segments. */
    private record Label(int timeline, String from, String to, long bytes, long term) {}

    /** Complete when its label is there. */
    static void keep(Member member, WalEnd end, Lsn fork, long term) {
        var timeline = end.lineage().last().timeline();
        var name = "%08X-%s-%s".formatted(timeline, fork, end.position()).replace('/', '_');
        var place = member.home.salvage().resolve(name);
        if (Files.exists(place.resolve("salvage.json"))) {
            return;
        }
        Durable.directory(member.home.salvage(), "rwx------");
        Durable.directory(place, "rwx------");
        copySegments(member.home.data().resolve("pg_wal"), place, end, fork);
        var label =
                new Label(
                        timeline,
                        fork.toString(),
                        end.position().toString(),
                        end.position().bytesSince(fork),
                        term);
        Durable.write(place.resolve("salvage.json"), JSON.writeValueAsString(label));
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
