package dev.toygres.agent;

import dev.toygres.agent.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Hands the template of one test class on to the next, so that initdb runs once. */
final class SharedTemplate {
    private static final Path SHELF = shelf();

    private SharedTemplate() {}

    private static Path shelf() {
        try {
            var shelf = Files.createTempDirectory("toygres-template");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Durable.delete(shelf)));
            return shelf;
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
    }

    static void into(Path templates) {
        try {
            Files.createDirectories(templates);
            move(SHELF, templates);
        } catch (IOException cause) {
            throw new IllegalStateException(cause);
        }
    }

    static void from(Path templates) {
        move(templates, SHELF);
    }

    private static void move(Path from, Path to) {
        var name = String.valueOf(Workshop.MAJOR);
        if (Files.exists(from.resolve(name)) && !Files.exists(to.resolve(name))) {
            Durable.move(from.resolve(name), to.resolve(name));
        }
    }
}
