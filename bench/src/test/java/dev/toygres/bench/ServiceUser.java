package dev.toygres.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs as whoever toygres runs Postgres as; what they say goes into one file. */
public record ServiceUser(Path directory) {
    private static final String NAME = "toygres";

    /** In a new directory of its own. */
    public static ServiceUser in(Path parent, String prefix) throws IOException {
        var user = new ServiceUser(Files.createTempDirectory(parent, prefix));
        user.own(user.directory);
        return user;
    }

    /** Has the files there from now on. */
    public void own(Path tree) throws IOException {
        if (isRoot()) {
            tool(List.of("chown", "-R", NAME, tree.toString()));
        }
    }

    public void run(String... command) throws IOException {
        tool(as(command));
    }

    /** One that goes on; its end is the caller's. */
    public Process start(String log, String... command) throws IOException {
        return new ProcessBuilder(as(command))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(log).toFile())
                .start();
    }

    public void delete(Path tree) throws IOException {
        tool(List.of("rm", "-rf", tree.toString()));
    }

    private void tool(List<String> command) throws IOException {
        Path log = directory.resolve("tools.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError(command + ": " + Files.readString(log));
        }
    }

    private static List<String> as(String... command) throws IOException {
        List<String> line = new ArrayList<>();
        if (isRoot()) {
            line.addAll(List.of("setpriv", "--reuid=" + NAME, "--regid=" + NAME, "--clear-groups"));
        }
        line.addAll(List.of(command));
        return line;
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }
}
