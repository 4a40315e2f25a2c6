package dev.toygres.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The certificate authority of an instance as a file, which is what Postgres clients want. */
final class CaFile {
    private CaFile() {}

    /**
     * The same file each time, in the user's own configuration. Its name depends on what is in it,
     * since instances of different installations may have the same id.
     */
    static Path keep(Surroundings around, String instanceId, String pem) {
        var file =
                around.userHome()
                        .resolve(".config/toygres/ca")
                        .resolve("%s-%08x.pem".formatted(instanceId, pem.hashCode()));
        try {
            byte[] content = pem.getBytes(StandardCharsets.UTF_8);
            if (!Files.exists(file)
                    || !java.util.Arrays.equals(content, Files.readAllBytes(file))) {
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            }
            return file;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
        }
    }
}
