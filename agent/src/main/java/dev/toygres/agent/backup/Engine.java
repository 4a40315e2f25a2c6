package dev.toygres.agent.backup;

import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.Processes;
import dev.toygres.agent.process.Signal;
import dev.toygres.agent.process.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs the engine's program as the user of the cluster, in a process group of its own. */
final class Engine {
    static final String PROGRAM = "pgbackrest";
    private static final int MOST_WORDS = 1_500;

    /** What was sent, and with which headers: the answer says what is wrong. */
    private static final Pattern REQUEST =
            Pattern.compile(
                    "\\*{3} Path/Query \\*{3}:.*?(\\*{3} Response Content \\*{3}: ?(<\\?xml[^>]*>)?|$)");

    /** What it was signed with helps nobody. */
    private static final Pattern SIGNATURE =
            Pattern.compile(
                    "<(StringToSign|SignatureProvided|CanonicalRequest|AWSAccessKeyId|RequestId)>.*?</\\1>");

    private static final Duration END = Duration.ofSeconds(10);

    private final Tools tools;

    Engine(Tools tools) {
        this.tools = tools;
    }

    /** How it ended; the code alone is not to be trusted: see each command. */
    record Outcome(int code, String output, String errors) {
        boolean good() {
            return code == 0;
        }

        /** What went wrong, in the engine's words. */
        String words() {
            var all = (errors.isBlank() ? output : errors).strip();
            var said =
                    all.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .map(line -> line.replaceFirst("^.*?P\\d\\d +", ""))
                            .collect(Collectors.joining(" "));
            said = REQUEST.matcher(said).replaceFirst("");
            said = SIGNATURE.matcher(said).replaceAll("");
            var ended = code == 137 || code == 143 || code == 63 ? "it was ended" : "";
            var words = said.isEmpty() ? ended : said;
            return words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + " ..." : words;
        }

        Outcome require(String what) {
            if (!good()) {
                throw new OrderFailed(what + ": " + words() + " (code " + code + ")");
            }
            return this;
        }
    }

    Outcome run(Workplace place, Path configuration, Duration limit, List<String> arguments) {
        return run(place, configuration, limit, arguments, _ -> {});
    }

    /** Shows each line of its output as it comes. */
    Outcome run(
            Workplace place,
            Path configuration,
            Duration limit,
            List<String> arguments,
            Consumer<String> watcher) {
        var process = start(place, configuration, limit, arguments);
        try {
            process.getOutputStream().close();
            var errors = new AtomicReference<>("");
            var reader =
                    Thread.ofVirtual()
                            .start(() -> errors.set(read(process.getErrorStream(), _ -> {})));
            var output = read(process.getInputStream(), watcher);
            reader.join();
            return new Outcome(process.waitFor(), output, errors.get());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new OrderFailed("interrupted while " + PROGRAM + " ran");
        }
    }

    /** Its input and outputs are the caller's to serve. */
    Process start(Workplace place, Path configuration, Duration limit, List<String> arguments) {
        var line = new ArrayList<>(List.of(PROGRAM, "--config=" + configuration));
        line.addAll(arguments);
        var environment = place.cluster().map(Workplace.Cluster::environment).orElse(Map.of());
        return tools.started(limit, line, environment);
    }

    /** What serves others and outlives us, to the limit at most. */
    void detached(Workplace place, Path configuration, Duration limit, List<String> arguments) {
        var process = start(place, configuration, limit, arguments);
        Thread.ofVirtual().start(() -> read(process.getErrorStream(), _ -> {}));
        Thread.ofVirtual().start(() -> read(process.getInputStream(), _ -> {}));
    }

    /** Feeds it and answers how it ended; a writer that fails has it killed before its end. */
    Outcome feed(
            Workplace place,
            Path configuration,
            Duration limit,
            List<String> arguments,
            Consumer<OutputStream> writer) {
        var process = start(place, configuration, limit, arguments);
        var errors = new AtomicReference<>("");
        var reader =
                Thread.ofVirtual().start(() -> errors.set(read(process.getErrorStream(), _ -> {})));
        try {
            try {
                writer.accept(process.getOutputStream());
            } catch (RuntimeException failure) {
                kill(process);
                throw failure;
            }
            closeQuietly(process.getOutputStream());
            var output = read(process.getInputStream(), _ -> {});
            reader.join();
            return new Outcome(process.waitFor(), output, errors.get());
        } catch (InterruptedException cause) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new OrderFailed("interrupted while " + PROGRAM + " ran");
        }
    }

    /** Before its input ends: else half an object would be taken for a whole one. */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException gone) {
            return;
        }
    }

    /** Kills all whose arguments name that file, workers too: they survive their parent. */
    void end(Path configuration, Signal signal) {
        var gone =
                Await.until(
                        END,
                        () -> {
                            var left = Processes.holding(configuration.toString());
                            left.forEach(signal::to);
                            return left.isEmpty();
                        });
        if (!gone) {
            Processes.holding(configuration.toString()).forEach(Signal.KILL::to);
        }
    }

    private static String read(InputStream stream, Consumer<String> watcher) {
        var kept = new StringBuilder();
        try (var reader =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                watcher.accept(line);
                if (!line.contains(" DETAIL: ")) {
                    kept.append(line).append('\n');
                }
            }
            return kept.toString();
        } catch (IOException cause) {
            return kept.toString();
        }
    }
}
