package dev.toygres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own, which can be filled to the last byte. Only root can make one. */
final class SmallDisk implements AutoCloseable {
    private final Path place;

    private SmallDisk(Path place) {
        this.place = place;
    }

    /** At a directory that is not there yet; it belongs to whoever has the one above. */
    static SmallDisk at(Path place, String size) throws IOException {
        var owner = Files.getAttribute(place.getParent(), "unix:uid");
        var group = Files.getAttribute(place.getParent(), "unix:gid");
        Files.createDirectory(place);
        Command.run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=%s,mode=0711,uid=%s,gid=%s".formatted(size, owner, group),
                "toygres",
                place.toString());
        return new SmallDisk(place);
    }

    /** Until there is not a byte left. */
    void fill() throws IOException {
        byte[] block = new byte[1 << 16];
        try (var out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return place.resolve("filler");
    }

    @Override
    public void close() {
        Command.run("umount", "--lazy", place.toString());
    }
}
