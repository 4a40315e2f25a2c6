package dev.toygres.cli;

import dev.toygres.api.Instance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The certificate authority of an instance as a file, which is what Postgres clients want. */
final class CaFile {
    private CaFile() {}

    /**
     * The same file each time, in the user's own configuration. Its name says which instance it is
     * of, since those of different installations may have the same id.
     */
    static Path keep(Surroundings around, Instance instance, String pem) {
        var file = of(around, instance);
        try {
            byte[] content = pem.getBytes(StandardCharsets.UTF_8);
            if (!Files.exists(file) || !Arrays.equals(content, Files.readAllBytes(file))) {
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            }
            return file;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    /** With the instance goes what vouches for it. */
    static void forget(Surroundings around, Instance instance) {
        try {
            Files.deleteIfExists(of(around, instance));
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.FAILED, "cannot delete " + of(around, instance) + ": " + e, e);
        }
    }

    private static Path of(Surroundings around, Instance instance) {
        return around.userHome()
                .resolve(".config/toygres/ca")
                .resolve("%s-%08x.pem".formatted(instance.id(), instance.createdAt().hashCode()));
    }
}
