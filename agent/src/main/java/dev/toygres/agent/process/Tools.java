package dev.toygres.agent.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs initdb and the like as the service user: bounded in time, killed as a whole group. */
public final class Tools {
    private static final int KEPT_OUTPUT = 16_384;
    private static final int KILLED = 137;

    private final ServiceUser user;

    public Tools(ServiceUser user) {
        this.user = user;
    }

    /** Runs it and answers its output. */
    public String run(Duration limit, List<String> command) {
        return run(limit, command, _ -> {});
    }

    /** Runs it, shows each line of its output as it comes, and answers the last of it. */
    public String run(Duration limit, List<String> command, Consumer<String> watcher) {
        var directory = Path.of("/");
        var name = Path.of(command.getFirst()).getFileName().toString();
        try {
            var process =
                    builder(bounded(limit, command), directory).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = read(process.getInputStream(), watcher);
            var code = process.waitFor();
            if (code == KILLED) {
                throw new ToolFailed(name + " took longer than " + limit + " and was killed");
            }
            if (code != 0) {
                throw new ToolFailed(name + " ended with " + code + ": " + output.strip());
            }
            return output;
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot run " + name, cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new ToolFailed("interrupted while " + name + " ran");
        }
    }

    /** Starts a daemon that outlives us, in a session of its own, with that working directory. */
    public long detached(List<String> command, Path directory, Path log) {
        var line = new ArrayList<>(List.of("setsid"));
        line.addAll(command);
        try {
            var process =
                    builder(user.running(line), directory)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            return process.pid();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), cause);
        }
    }

    /**
     * Starts it with these variables besides the usual ones; its input and both its outputs are the
     * caller's to serve. Killed as a whole group after the limit, also when we are dead by then.
     */
    public Process started(Duration limit, List<String> command, Map<String, String> environment) {
        var builder = builder(bounded(limit, command), Path.of("/"));
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot run " + command.getFirst(), cause);
        }
    }

    /** timeout(1) gives it a process group and kills that, also when we are dead by then. */
    private List<String> bounded(Duration limit, List<String> command) {
        var seconds = String.valueOf(limit.toMillis() / 1000.0);
        var line = new ArrayList<>(List.of("timeout", "--signal=KILL", seconds));
        line.addAll(command);
        return user.running(line);
    }

    private static ProcessBuilder builder(List<String> command, Path directory) {
        var builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(
                        Map.of(
                                "PATH",
                                        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                "LC_ALL", "C.UTF-8"));
        return builder;
    }

    private static String read(InputStream output, Consumer<String> watcher) throws IOException {
        var kept = new StringBuilder();
        var reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            watcher.accept(line);
            kept.append(line).append('\n');
            kept.delete(0, Math.max(0, kept.length() - KEPT_OUTPUT));
        }
        return kept.toString();
    }
}
