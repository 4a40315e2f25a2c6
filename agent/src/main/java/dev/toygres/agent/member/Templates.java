package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Passphrase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * One initdb per major; members get copies. A template is complete once its directory has its final
 * name, whatever happened before. Its WAL is left out: each copy gets WAL of its own.
 */
final class Templates {
    private static final Pattern NONCE = Pattern.compile("Mock authentication nonce: *([0-9a-f]+)");
    private static final int BUILTIN_LOCALES_SINCE = 17;

    private final Path directory;
    private final Installations installations;
    private final Tools tools;
    private final ServiceUser user;
    private final Duration limit;
    private final ReentrantLock one = new ReentrantLock();

    Templates(
            Path directory,
            Installations installations,
            Tools tools,
            ServiceUser user,
            Duration limit) {
        this.directory = directory;
        this.installations = installations;
        this.tools = tools;
        this.user = user;
        this.limit = limit;
    }

    /** Copies the template, durably, as data of that system identifier. */
    void copy(int major, Path target, String systemIdentifier) {
        copyUnsafely(major, target, systemIdentifier);
        run(
                installations.bin(major).resolve("initdb").toString(),
                "--sync-only",
                target.toString());
    }

    /** As above, for data that nobody will miss after a power cut. */
    void copyUnsafely(int major, Path target, String systemIdentifier) {
        var data = dataOf(made(major));
        var bin = installations.bin(major);
        Durable.delete(target);
        user.directory(target);
        run("cp", "-a", "--reflink=auto", data + "/.", target.toString());
        ControlFile.stamp(target, systemIdentifier, nonce(bin, target));
        run(bin.resolve("pg_resetwal").toString(), "-f", target.toString());
    }

    /** Of the superuser of every copy, until roles are made. */
    String password(int major) {
        return Durable.read(passwordFile(made(major))).orElseThrow().strip();
    }

    private byte[] nonce(Path bin, Path data) {
        var words = run(bin.resolve("pg_controldata").toString(), data.toString());
        var match = NONCE.matcher(words);
        if (!match.find()) {
            throw new OrderFailed("pg_controldata shows no nonce");
        }
        return HexFormat.of().parseHex(match.group(1));
    }

    private Path made(int major) {
        one.lock();
        try {
            var template = template(major);
            if (!Files.exists(template)) {
                make(major, template.resolveSibling(major + ".making"));
                Durable.move(template.resolveSibling(major + ".making"), template);
            }
            return template;
        } finally {
            one.unlock();
        }
    }

    private void make(int major, Path making) {
        var bin = installations.bin(major);
        Durable.delete(making);
        user.directory(making);
        user.file(passwordFile(making), Passphrase.random().reveal());
        var initdb = bin.resolve("initdb").toString();
        var data = dataOf(making);
        var command =
                new ArrayList<>(
                        List.of(
                                initdb,
                                "--pgdata=" + data,
                                "--pwfile=" + passwordFile(making),
                                "--username=postgres",
                                "--data-checksums",
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C.UTF-8",
                                "--no-sync"));
        if (major >= BUILTIN_LOCALES_SINCE) {
            command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        }
        tools.run(limit, command);
        includeOurSettings(data);
        removeWal(data);
        run(initdb, "--sync-only", data.toString());
    }

    /** Relative, so that it holds in every copy. */
    private static void includeOurSettings(Path data) {
        try {
            Files.writeString(
                    data.resolve("postgresql.conf"),
                    "\ninclude '../conf/toygres.conf'\n",
                    StandardOpenOption.APPEND);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static void removeWal(Path data) {
        try (var segments = Files.newDirectoryStream(data.resolve("pg_wal"), "0*")) {
            for (var segment : segments) {
                Files.delete(segment);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private String run(String... command) {
        return tools.run(limit, List.of(command));
    }

    private Path template(int major) {
        return directory.resolve(String.valueOf(major));
    }

    private static Path dataOf(Path template) {
        return template.resolve("data");
    }

    private static Path passwordFile(Path template) {
        return template.resolve("password");
    }
}
