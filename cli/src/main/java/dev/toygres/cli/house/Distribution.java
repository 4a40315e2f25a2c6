package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The built jars and the guard, inside the home: the service user can read them there, and a later
 * build takes nothing from under the feet of a running process.
 *
 * @param directory the copy
 * @param recordings where daemons record which classes they use, while a build rehearses
 */
record Distribution(Path directory, Optional<Path> recordings) {

    static Distribution stage(Path built, Home home, ServiceUser user) {
        try {
            String buildId = Files.readString(built.resolve("build-id")).strip();
            user.directory(home.distributions(), "rwxr-x---");
            Path staged = home.distributions().resolve(buildId);
            if (!Files.isDirectory(staged)) {
                copy(built, staged, user);
            }
            return new Distribution(staged, Optional.empty());
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.FAILED, "the build in " + built + " cannot be used: " + e, e);
        }
    }

    Distribution recordingTo(Optional<Path> recordings) {
        return new Distribution(directory, recordings);
    }

    /** Whole or not there: the last step is a rename. */
    private static void copy(Path built, Path staged, ServiceUser user) throws IOException {
        Path fresh = Files.createTempDirectory(staged.getParent(), "new-");
        Files.createDirectory(fresh.resolve("lib"));
        for (Path part : List.of(Path.of("lib"), Path.of(""))) {
            try (var files = Files.list(built.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    linkOrCopy(file, fresh.resolve(part).resolve(file.getFileName()));
                }
            }
        }
        user.directory(fresh.resolve("lib"), "rwxr-x---");
        user.directory(fresh, "rwxr-x---");
        Files.move(fresh, staged, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void linkOrCopy(Path file, Path to) throws IOException {
        try {
            Files.createLink(to, file);
        } catch (FileSystemException | UnsupportedOperationException otherDisk) {
            Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    /** Removes copies that no process uses. */
    void removeOthers(Home home) {
        String used =
                ProcessHandle.allProcesses()
                        .map(handle -> String.join(" ", OurProcess.commandLine(handle.pid())))
                        .filter(line -> line.contains(home.distributions().toString()))
                        .collect(Collectors.joining("\n"));
        try (var copies = Files.list(home.distributions())) {
            copies.filter(copy -> !copy.equals(directory) && !used.contains(copy + "/"))
                    .forEach(Tree::delete);
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "cannot read " + home.distributions(), e);
        }
    }

    /** For {@code java -cp}, in the order that the build gave. */
    String classpath(String module) {
        try (var names = Files.lines(directory.resolve(module + ".classpath"))) {
            return names.map(name -> directory.resolve("lib").resolve(name).toString())
                    .collect(Collectors.joining(":"));
        } catch (IOException e) {
            throw new CommandFailed(ExitCode.FAILED, "the build is incomplete: " + e, e);
        }
    }

    Path guard() {
        return directory.resolve("lib/guard");
    }

    /** Classes loaded and linked at build time, if the build made such a file. */
    Optional<Path> startCache(String module) {
        return Optional.of(directory.resolve(module + ".aot")).filter(Files::isReadable);
    }
}
