package dev.toygres.agent.member;

import dev.toygres.agent.backup.Workplace;
import dev.toygres.agent.files.Durable;
import dev.toygres.agent.member.Memory.Role;
import dev.toygres.agent.member.Memory.Stage;
import dev.toygres.agentapi.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The WAL archive of a member. What it archives with is its own, beside its data: a promoted
 * standby that used the primary's file would stop archiving. Only the primary of its term may
 * archive: the permit goes with the fence, before anything else can happen (S8, S12).
 */
final class Archiving {
    /** No archive: what is ended is thrown away. */
    private static final String NOWHERE = "/bin/true";

    private final Member member;
    private final Ground ground;

    Archiving(Member member, Ground ground) {
        this.member = member;
        this.ground = ground;
    }

    /** Where the engine works for this member, and how it reaches its Postgres. */
    Workplace place() {
        var home = member.home;
        return new Workplace(
                home.backup(),
                member.memory()
                        .map(
                                known ->
                                        new Workplace.Cluster(
                                                home.data(), known.port(), environment())));
    }

    /** libpq reads the key from a file of the user that it runs as. */
    Map<String, String> environment() {
        var home = member.home;
        return Map.of(
                "PGOPTIONS", Sql.OPTIONS,
                "PGHOST", ground.bindAddress(),
                "PGSSLMODE", "verify-ca",
                "PGSSLROOTCERT", home.authority().toString(),
                "PGSSLCERT", home.clientCertificate().toString(),
                "PGSSLKEY", home.clientKey().toString(),
                "PGCONNECT_TIMEOUT", "10");
    }

    /** Gives the programs of the service user the agent's identity. */
    void makePlace() {
        var home = member.home;
        place().make(ground.user());
        AccessKey.keep(home, ground.user());
        ground.user().file(home.clientCertificate(), text(home.accessCertificate()));
        ground.user().file(home.clientKey(), AccessKey.pem(home));
    }

    private static String text(Path file) {
        return Durable.read(file).orElseThrow();
    }

    boolean isConfigured() {
        return Files.exists(place().archive());
    }

    /** Why the engine could not archive what waits; empty where it says nothing. */
    Optional<String> trouble() {
        return ground.engine().archiveTrouble(place());
    }

    /** In force for a Postgres that runs as soon as that has read it. */
    void configure(Repository repository) {
        makePlace();
        ground.engine().keepArchive(place(), repository);
        Durable.delete(member.home.archiveWaits());
        ground.user().file(member.home.archiveScript(), script());
        permit(member.known());
        reload();
    }

    /** Refuses by itself, so that a Postgres that nobody could reach is stopped by it too. */
    private String script() {
        return """
        # Written by the toygres agent: archives one segment, if this member may.
        if [ ! -e %s ]; then
            echo "toygres: this member is not the primary of its term: nothing is archived" >&2
            exit 1
        fi
        exec %s "$1"
        """
                .formatted(
                        quoted(member.home.archivePermit().toString()),
                        shell(ground.engine().archiveCommand(place())));
    }

    static String shell(List<String> command) {
        return command.stream().map(Archiving::quoted).collect(Collectors.joining(" "));
    }

    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /** Durable, with the memory that it follows from. */
    void permit(Memory known) {
        if (!isConfigured()) {
            return;
        }
        var permit = member.home.archivePermit();
        var may = known.is(Role.Primary) && known.stage() == Stage.Ready;
        if (may && !Files.exists(permit)) {
            ground.user().file(permit, "term " + known.term() + "\n");
        } else if (!may && Files.exists(permit)) {
            Durable.delete(permit);
            ground.engine().endArchiving(place());
            // Else it listened for days: who began it asks in an older term to have it ended.
            ground.engine().endServing(place());
        }
    }

    /** Of a member that goes: nobody works for it any more. */
    void end() {
        ground.engine().abort(place());
        ground.engine().endArchiving(place());
        ground.engine().endServing(place());
    }

    void remove() {
        var place = place();
        Durable.delete(place.archive());
        Durable.delete(member.home.archivePermit());
        Durable.delete(member.home.archiveWaits());
        reload();
        ground.engine().endArchiving(place);
    }

    /**
     * After a restore, while nothing runs: nothing goes where the old history went. Over an
     * instance nothing is thrown away either, its new timeline's history least of all: without that
     * the next restore would choose the same timeline once more.
     */
    void await(boolean waits) {
        var home = member.home;
        Durable.delete(place().archive());
        Durable.delete(home.archivePermit());
        if (waits) {
            ground.user().file(home.archiveWaits(), "");
            newestHistory(home.data().resolve("pg_wal"))
                    .ifPresent(
                            name ->
                                    ground.user()
                                            .file(
                                                    home.data()
                                                            .resolve("pg_wal/archive_status")
                                                            .resolve(name + ".ready"),
                                                    ""));
        }
    }

    /** Of a standby that becomes primary: nobody else archives what the last one had waiting. */
    void claimInherited(boolean promoted) {
        if (isConfigured()) {
            new InheritedWal(member.home.data()).claim(promoted);
        }
    }

    private static Optional<String> newestHistory(Path wal) {
        try (var files = Files.newDirectoryStream(wal, "*.history")) {
            var names = new TreeSet<String>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names.isEmpty() ? Optional.empty() : Optional.of(names.last());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private void reload() {
        if (member.postgres().isReady()) {
            member.reload();
        }
    }

    /** What a host that is lost with its disk takes with it, at most, of what was committed. */
    private static final String LONGEST_WAIT = "60s";

    /** Archive mode cannot be switched on without a restart: so it is never off. */
    Map<String, String> settings() {
        return settings(command());
    }

    private Map<String, String> settings(String command) {
        return Map.of(
                "archive_mode",
                "on",
                "archive_command",
                command,
                "archive_timeout",
                isConfigured() ? LONGEST_WAIT : "0");
    }

    private String command() {
        if (isConfigured()) {
            return command(member.home.archiveScript()) + " %p";
        }
        return Files.exists(member.home.archiveWaits()) ? "" : NOWHERE;
    }

    /** For the shell, in a setting where a percent sign means something. */
    static String command(Path script) {
        return "sh " + quoted(script.toString()).replace("%", "%%");
    }

    /**
     * Before a stop: Postgres waits for its archiver, and with a dead store that took minutes. What
     * is not archived yet will be after the next start.
     */
    void pause() {
        if (!isConfigured() || !member.postgres().isGuarded()) {
            return;
        }
        member.writeSettings(settings(""));
        member.postgres().reload();
        ground.engine().endArchiving(place());
    }
}
