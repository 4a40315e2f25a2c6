package dev.toygres.agent.member;

import dev.toygres.agent.process.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The Postgres majors of this host, side by side as Debian installs them. */
public final class Installations {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+|\\d+(beta|rc|devel)\\w*");

    private final Path root;
    private final Tools tools;
    private final Map<String, String> versions = new ConcurrentHashMap<>();

    /**
     * @param root usually /usr/lib/postgresql
     */
    public Installations(Path root, Tools tools) {
        this.root = root;
        this.tools = tools;
    }

    /** By major: the full version. */
    public SortedMap<Integer, String> versions() {
        var found = new TreeMap<Integer, String>();
        if (!Files.isDirectory(root)) {
            return found;
        }
        try (var majors = Files.newDirectoryStream(root, "[0-9]*")) {
            for (var major : majors) {
                version(major.resolve("bin/postgres"))
                        .ifPresent(
                                version ->
                                        found.put(
                                                Integer.valueOf(major.getFileName().toString()),
                                                version));
            }
            return found;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Where the programs of that major are. */
    Path bin(int major) {
        var bin = root.resolve(String.valueOf(major)).resolve("bin");
        if (Files.isExecutable(bin.resolve("postgres"))) {
            return bin;
        }
        throw new OrderFailed(
                "Postgres " + major + " is not installed on this host; here is " + versions());
    }

    private Optional<String> version(Path postgres) {
        try {
            var key = postgres + " " + Files.getLastModifiedTime(postgres);
            return Optional.of(versions.computeIfAbsent(key, _ -> ask(postgres)));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    private String ask(Path postgres) {
        var words = tools.run(LIMIT, List.of(postgres.toString(), "--version"));
        var match = VERSION.matcher(words);
        return match.find() ? match.group() : words.strip();
    }
}
