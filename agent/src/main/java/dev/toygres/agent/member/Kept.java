package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agentapi.AgentJson;
import dev.toygres.agentapi.HostStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Data from before a restore, with the memory that fits it, until somebody decides. */
final class Kept {
    private static final JsonMapper JSON = AgentJson.mapper();

    private final Path root;

    Kept(MemberHome home) {
        root = home.kept();
    }

    /** What a restore replaced, and which one it was. */
    record Note(String label, String target, long term, Instant since, long dataBytes) {}

    Path data() {
        return root.resolve("data");
    }

    private Path memory() {
        return root.resolve("member.json");
    }

    private Path note() {
        return root.resolve("kept.json");
    }

    boolean exists() {
        return Files.exists(note());
    }

    Optional<Note> read() {
        return read(note());
    }

    private static Optional<Note> read(Path file) {
        return Durable.read(file).map(text -> JSON.readValue(text, Note.class));
    }

    Memory memoryThen() {
        return memory(memory());
    }

    private static Memory memory(Path file) {
        return Memory.readFrom(file)
                .orElseThrow(() -> new OrderFailed("the memory of the kept data is unreadable"));
    }

    /** What an earlier restore kept, until this one has succeeded. */
    private Path former() {
        return root.resolveSibling(root.getFileName() + "-before");
    }

    boolean hasFormer() {
        return Files.exists(former());
    }

    Path formerData() {
        return former().resolve(data().getFileName());
    }

    Memory formerMemory() {
        return memory(former().resolve(memory().getFileName()));
    }

    Optional<Note> formerNote() {
        return read(former().resolve(note().getFileName()));
    }

    /** Makes place for what the next restore keeps. */
    void setAside() {
        if (exists()) {
            Durable.delete(former());
            Durable.move(root, former());
        }
    }

    /** What the restore that failed would have kept is where it belongs: this is as it was. */
    void bringBack() {
        drop();
        if (Files.exists(former())) {
            Durable.move(former(), root);
        }
    }

    /** The next restore has succeeded. */
    void dropFormer() {
        Durable.delete(former());
    }

    /** The memory first, the note last: what has a note is whole. */
    void prepare(Memory then, Note about) {
        Durable.directory(root, "rwx--x--x");
        then.writeTo(memory());
        Durable.write(note(), JSON.writeValueAsString(about));
    }

    void drop() {
        Durable.delete(note());
        Durable.delete(root);
    }

    static Optional<HostStatus.Kept> of(MemberHome home) {
        var kept = new Kept(home);
        if (!kept.exists() || !Files.exists(kept.data())) {
            return Optional.empty();
        }
        return kept.read()
                .map(
                        note ->
                                new HostStatus.Kept(
                                        note.since(),
                                        ControlFile.systemIdentifier(kept.data()).orElse(""),
                                        note.dataBytes()));
    }
}
