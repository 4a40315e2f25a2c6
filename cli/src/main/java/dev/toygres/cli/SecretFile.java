package dev.toygres.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with a secret in it: secrets are never arguments, which everybody can see. */
final class SecretFile {
    private SecretFile() {}

    /** Its text, without the line end that editors add. */
    static String read(Path file) {
        try {
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw new CommandFailed(ExitCode.USAGE, file + " is empty");
            }
            return text;
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.USAGE, "cannot read " + file + ": " + e.getMessage());
        }
    }
}
