package dev.toygres.agent.backup;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.OrderFailed;
import dev.toygres.agent.member.Progress;
import dev.toygres.agent.process.Await;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Signal;
import dev.toygres.agent.process.ToolFailed;
import dev.toygres.agent.process.Tools;
import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.BackupOrder.Depth;
import dev.toygres.agentapi.BackupPeer;
import dev.toygres.agentapi.BackupResult.Content;
import dev.toygres.agentapi.BackupResult.Expired;
import dev.toygres.agentapi.BackupResult.History;
import dev.toygres.agentapi.BackupResult.PhysicalBackup;
import dev.toygres.agentapi.BackupResult.Verified;
import dev.toygres.agentapi.BackupStore;
import dev.toygres.agentapi.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.json.JsonMapper;

/**
 * pgBackRest 2.45 and later. Its exit codes are not trusted where they lie: {@code info} and {@code
 * verify} end with 0 whatever they found.
 */
public final class PgBackRest implements BackupEngine {
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMinutes(3);
    private static final Duration LONGEST = Duration.ofDays(3);
    private static final Pattern VERSION = Pattern.compile("pgBackRest (\\d+)\\.(\\d+)\\S*");
    private static final int OLDEST_MINOR = 45;
    private static final Pattern HISTORY =
            Pattern.compile("(?:.*/)?([0-9A-F]{8})\\.history(?:\\.\\w+)?");
    private static final String STANZA = "--stanza=" + Configuration.STANZA;

    /** Another of its processes has the lock: the archiver, for a moment. */
    private static final int BUSY = 50;

    private static final Duration MOMENT = Duration.ofMillis(200);
    private static final int LAST_FULL = 75;
    private static final JsonMapper JSON = JsonMapper.shared();

    /** The WAL that makes the smallest backup consistent. */
    private static final long LEAST_ROOM = 32L << 20;

    private final Tools tools;
    private final ServiceUser user;
    private final Engine engine;
    private final Serving serving;

    public PgBackRest(Tools tools, ServiceUser user) {
        this.tools = tools;
        this.user = user;
        engine = new Engine(tools);
        serving = new Serving(engine, user);
    }

    @Override
    public Optional<String> version() {
        try {
            var match = VERSION.matcher(tools.run(ASK, List.of(Engine.PROGRAM, "version")));
            return match.find() && isNewEnough(match.group(1), match.group(2))
                    ? Optional.of("pgbackrest " + match.group(1) + "." + match.group(2))
                    : Optional.empty();
        } catch (ToolFailed absent) {
            return Optional.empty();
        }
    }

    private static boolean isNewEnough(String major, String minor) {
        return Integer.parseInt(major) > 2 || Integer.parseInt(minor) >= OLDEST_MINOR;
    }

    /** Secrets are in these files only; the place itself is the service user's alone. */
    private void write(Workplace place, Repository repository, Path file, String content) {
        place.make(user);
        authorities(repository.store()).ifPresent(pem -> user.file(place.authorities(), pem));
        if (repository.store() instanceof BackupStore.Local(var root)) {
            requireLocal(Path.of(root));
        }
        user.file(file, content);
    }

    private static Optional<String> authorities(BackupStore store) {
        return switch (store) {
            case BackupStore.Local _ -> Optional.empty();
            case BackupStore.S3 s3 -> s3.authorities();
            case BackupStore.AzureBlob azure -> azure.authorities();
        };
    }

    /** Made here it would be empty, and taken for a store in which nothing is left. */
    private static void requireLocal(Path root) {
        if (!Files.isDirectory(root)) {
            throw new OrderFailed(
                    "there is no directory %s on this host: is it shared with it, and mounted?"
                            .formatted(root));
        }
    }

    /**
     * The engine notices late: it first waits a minute for WAL that does not arrive, and begins
     * anew what it cannot write.
     */
    private static void requireRoom(BackupStore store) {
        if (store instanceof BackupStore.Local(var root)) {
            try {
                var room = Files.getFileStore(Path.of(root)).getUsableSpace();
                if (room < LEAST_ROOM) {
                    throw new OrderFailed(
                            "the store %s has %d MB of room left: no backup begins below %d MB"
                                    .formatted(root, room >> 20, LEAST_ROOM >> 20));
                }
            } catch (IOException cause) {
                throw new UncheckedIOException(cause);
            }
        }
    }

    /** Only itself: what is missing above it may be a file system that is not mounted. */
    private void makeLocal(Path root) {
        if (Files.isDirectory(root)) {
            return;
        }
        var parent = root.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new OrderFailed(
                    "there is no directory " + parent + " on this host; " + remedy(root));
        }
        try {
            user.directory(root);
        } catch (UncheckedIOException refused) {
            throw new OrderFailed(
                    "%s cannot make a directory in %s; %s"
                            .formatted(user.words(), parent, remedy(root)),
                    refused);
        }
    }

    private String remedy(Path root) {
        return "make it yourself, as root: install -d -o %s -m 700 %s"
                .formatted(user.words(), root);
    }

    @Override
    public Objects objects(Workplace place, Repository repository) {
        write(place, repository, place.objects(), Configuration.objects(place, repository));
        return new Objects(engine, place);
    }

    @Override
    public void prove(Workplace place, Repository repository) {
        if (repository.store() instanceof BackupStore.Local(var root)) {
            makeLocal(Path.of(root));
        }
        var objects = objects(place, repository);
        var name = "probe-" + UUID.randomUUID();
        objects.put(name, name);
        var read = objects.get(name);
        objects.remove(name);
        if (!read.map(String::strip).equals(Optional.of(name))) {
            throw new OrderFailed("the store gives back something else than what it was given");
        }
        if (objects.get(name).isPresent()) {
            throw new OrderFailed("the store still shows what was deleted");
        }
    }

    private void work(Workplace place, Repository repository) {
        write(place, repository, place.work(), Configuration.physical(place, repository));
    }

    private void standby(Workplace place, Repository repository, BackupPeer primary) {
        write(place, repository, place.work(), Configuration.standby(place, repository, primary));
        serving.show(place, primary);
    }

    private Engine.Outcome run(Workplace place, Duration limit, String... command) {
        return engine.run(place, place.work(), limit, line(List.of(command)));
    }

    private static List<String> line(List<String> command) {
        var all = new ArrayList<>(List.of(STANZA, "--log-level-stderr=error"));
        all.addAll(command);
        return all;
    }

    @Override
    public void prepare(Workplace place, Repository repository) {
        work(place, repository);
        var last = System.nanoTime() + SHORT.toNanos();
        var made = run(place, SHORT, "--log-level-console=off", "stanza-create");
        while (made.code() == BUSY && System.nanoTime() < last) {
            Await.pause(MOMENT);
            made = run(place, SHORT, "--log-level-console=off", "stanza-create");
        }
        made.require("the repository is not ready");
    }

    @Override
    public void proveArchive(Workplace place, Repository repository) {
        work(place, repository);
        run(place, SHORT, "--log-level-console=off", "check").require("WAL is not archived");
    }

    @Override
    public void archiveHistories(
            Workplace place, Repository repository, Collection<Path> histories) {
        work(place, repository);
        var lacking = lacking(place, histories);
        for (var file : lacking) {
            // Alone: what the archiver has waiting is not ours to wait for.
            run(
                            place,
                            SHORT,
                            "--log-level-console=off",
                            "--no-archive-async",
                            "archive-push",
                            file.toString())
                    .require("the history of a timeline is not archived");
        }
        if (!lacking.isEmpty() && !lacking(place, histories).isEmpty()) {
            throw new OrderFailed(
                    "the archive does not show the histories that were put there: " + lacking);
        }
    }

    private List<Path> lacking(Workplace place, Collection<Path> histories) {
        var there =
                archived(place).stream()
                        .map(HISTORY::matcher)
                        .filter(Matcher::matches)
                        .map(match -> match.group(1) + ".history")
                        .collect(Collectors.toSet());
        return histories.stream()
                .filter(file -> !there.contains(file.getFileName().toString()))
                .toList();
    }

    @Override
    public void keepArchive(Workplace place, Repository repository) {
        write(place, repository, place.archive(), Configuration.physical(place, repository));
    }

    @Override
    public List<String> archiveCommand(Workplace place) {
        return List.of(Engine.PROGRAM, "--config=" + place.archive(), STANZA, "archive-push");
    }

    /** A file per segment that failed, or global.error: the code, and the words behind it. */
    @Override
    public Optional<String> archiveTrouble(Workplace place) {
        var directory = place.spool().resolve("archive").resolve(Configuration.STANZA);
        try (var files = Files.newDirectoryStream(directory.resolve("out"), "*.error")) {
            return StreamSupport.stream(files.spliterator(), false)
                    .max(Comparator.naturalOrder())
                    .flatMap(Durable::read)
                    .map(text -> new Engine.Outcome(1, "", text.replaceFirst("^\\d+\\R", "")))
                    .map(Engine.Outcome::words);
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    @Override
    public void endArchiving(Workplace place) {
        engine.end(place.archive(), Signal.TERM);
    }

    @Override
    public void abort(Workplace place) {
        engine.end(place.work(), Signal.KILL);
        engine.end(place.objects(), Signal.KILL);
    }

    @Override
    public BackupPeer serve(Workplace place, Supplier<Address> free) {
        return serving.begin(place, free, LONGEST);
    }

    @Override
    public void endServing(Workplace place) {
        serving.end(place);
    }

    @Override
    public Optional<PhysicalBackup> find(Workplace place, Repository repository, String name) {
        work(place, repository);
        return info(place).stream()
                .filter(one -> name.equals(one.annotations().get("name")))
                .findFirst()
                .map(one -> withDatabases(place, one));
    }

    private List<PhysicalBackup> info(Workplace place) {
        var info = Inventory.info(ask(place));
        info.trouble()
                .ifPresent(
                        words -> {
                            throw new OrderFailed("the repository cannot be read: " + words);
                        });
        return info.backups();
    }

    private String ask(Workplace place, String... more) {
        var command = new ArrayList<>(List.of("--log-level-console=off", "info", "--output=json"));
        command.addAll(List.of(more));
        return engine.run(place, place.work(), SHORT, line(command))
                .require("the repository cannot be read")
                .output();
    }

    private PhysicalBackup withDatabases(Workplace place, PhysicalBackup known) {
        return Inventory.info(ask(place, "--set=" + known.label())).backups().stream()
                .findFirst()
                .orElse(known);
    }

    @Override
    public PhysicalBackup take(
            Workplace place, Repository repository, Wish wish, Progress progress) {
        engine.end(place.work(), Signal.KILL);
        requireRoom(repository.store());
        wish.primary()
                .ifPresentOrElse(
                        peer -> standby(place, repository, peer), () -> work(place, repository));
        var type = wish.depth() == Depth.Full ? "full" : "incr";
        var command =
                new ArrayList<>(List.of("--log-level-console=detail", "backup", "--type=" + type));
        if (wish.primary().isPresent()) {
            command.add("--backup-standby");
        }
        command.add("--annotation=name=" + wish.name());
        wish.annotations()
                .forEach((name, value) -> command.add("--annotation=" + name + "=" + value));
        var meter = new Meter("copied", wish.expectedBytes(), progress);
        try (var _ = Throttle.of(place.work(), wish.maxRateKilobytes())) {
            engine.run(place, place.work(), LONGEST, line(command), meter)
                    .require("the backup failed");
        }
        return find(place, repository, wish.name())
                .orElseThrow(() -> new OrderFailed("the backup is not listed after its end"));
    }

    @Override
    public Content list(Workplace place, Repository repository) {
        work(place, repository);
        var backups = info(place);
        var files = archived(place);
        var histories =
                files.stream()
                        .map(HISTORY::matcher)
                        .filter(Matcher::matches)
                        .map(match -> history(place, match.group(), match.group(1)))
                        .toList();
        return new Content(
                Optional.empty(),
                backups,
                Inventory.ranges(files),
                histories,
                List.of(),
                List.of());
    }

    private List<String> archived(Workplace place) {
        var path = "archive/" + Configuration.STANZA;
        var output =
                run(
                                place,
                                SHORT,
                                "--log-level-console=off",
                                "repo-ls",
                                "--output=json",
                                "--recurse",
                                path)
                        .require("the archive cannot be listed")
                        .output();
        return JSON.readTree(output).properties().stream()
                .filter(one -> one.getValue().path("type").asString().equals("file"))
                .map(Map.Entry::getKey)
                .toList();
    }

    private History history(Workplace place, String file, String timeline) {
        var name = "archive/" + Configuration.STANZA + "/" + file;
        var content =
                run(place, SHORT, "--log-level-console=off", "repo-get", name)
                        .require("a history file cannot be read")
                        .output();
        return new History(Integer.parseInt(timeline, 16), Inventory.history(content));
    }

    @Override
    public Verified verify(Workplace place, Repository repository, Progress progress) {
        var began = System.nanoTime();
        var content = list(place, repository);
        var verdict = new Verdict(content, progress);
        engine.run(
                        place,
                        place.work(),
                        LONGEST,
                        line(
                                List.of(
                                        "--log-level-console=detail",
                                        "verify",
                                        "--output=text",
                                        "--verbose")),
                        verdict)
                .require("the repository cannot be verified");
        return verdict.pronounce(Duration.ofNanos(System.nanoTime() - began));
    }

    @Override
    public Expired expire(
            Workplace place,
            Repository repository,
            List<String> labels,
            Optional<String> keepWalSince) {
        work(place, repository);
        var before = labels(place);
        for (var label : labels) {
            if (labels(place).contains(label)) {
                expire(place, "--set=" + label);
            }
        }
        var kept = fulls(place);
        if (!kept.isEmpty()) {
            var since = keepWalSince.map(kept::indexOf).filter(at -> at >= 0).orElse(0);
            expire(place, "--repo1-retention-archive=" + (kept.size() - since));
        }
        var after = labels(place);
        return new Expired(before.stream().filter(one -> !after.contains(one)).toList());
    }

    private void expire(Workplace place, String what) {
        var outcome = run(place, LONGEST, "--log-level-console=off", "expire", what);
        if (outcome.code() == LAST_FULL) {
            throw new OrderFailed("the last full backup of a repository is not deleted alone");
        }
        outcome.require("backups are not deleted");
    }

    private List<String> labels(Workplace place) {
        return info(place).stream().map(PhysicalBackup::label).toList();
    }

    private List<String> fulls(Workplace place) {
        return info(place).stream()
                .filter(one -> one.depth() == Depth.Full)
                .map(PhysicalBackup::label)
                .toList();
    }

    @Override
    public void restore(Workplace place, Repository repository, String label, Progress progress) {
        engine.end(place.work(), Signal.KILL);
        work(place, repository);
        var backup =
                info(place).stream()
                        .filter(one -> one.label().equals(label))
                        .findFirst()
                        .orElseThrow(() -> new OrderFailed("there is no backup " + label));
        var meter = new Meter("fetched", backup.databaseBytes(), progress);
        engine.run(
                        place,
                        place.work(),
                        LONGEST,
                        line(
                                List.of(
                                        "--log-level-console=detail",
                                        "restore",
                                        "--set=" + label,
                                        "--type=none",
                                        "--archive-mode=off")),
                        meter)
                .require("the backup cannot be fetched");
    }

    @Override
    public void keepSource(Workplace place, Repository repository) {
        write(place, repository, place.source(), Configuration.physical(place, repository));
    }

    @Override
    public List<String> fetchCommand(Workplace place) {
        return List.of(Engine.PROGRAM, "--config=" + place.source(), STANZA, "archive-get");
    }

    @Override
    public void forget(Workplace place) {
        Durable.delete(place.work());
        Durable.delete(place.objects());
        Serving.forget(place);
    }
}
