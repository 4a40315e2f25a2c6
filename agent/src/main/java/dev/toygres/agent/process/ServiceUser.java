package dev.toygres.agent.process;

import dev.toygres.agent.files.Durable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * As whom Postgres and its neighbours run: Postgres refuses root, so an agent of root lends them
 * another user; any other agent runs them as itself.
 */
public final class ServiceUser {
    private static final List<String> USUAL = List.of("toygres", "postgres");

    private final Optional<String> name;

    private ServiceUser(Optional<String> name) {
        this.name = name;
    }

    /** The wished user, else the first of the usual ones that exists; only root has a choice. */
    public static ServiceUser choose(Optional<String> wished) {
        if (!isRoot()) {
            return new ServiceUser(Optional.empty());
        }
        var candidates = wished.map(List::of).orElse(USUAL);
        var found = candidates.stream().filter(ServiceUser::exists).findFirst();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "Postgres does not run as root, and there is no user "
                            + String.join(" or ", candidates)
                            + ": create one, or name another with --user");
        }
        return new ServiceUser(found);
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static boolean exists(String user) {
        try (var users = Files.lines(Path.of("/etc/passwd"))) {
            return users.anyMatch(line -> line.startsWith(user + ":"));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Its name. */
    public String words() {
        return name.orElseGet(() -> System.getProperty("user.name"));
    }

    /** The command line that runs the given one as this user. */
    public List<String> running(List<String> command) {
        var line = new ArrayList<String>();
        name.ifPresent(
                user ->
                        line.addAll(
                                List.of(
                                        "setpriv",
                                        "--reuid=" + user,
                                        "--regid=" + user,
                                        "--clear-groups",
                                        "--")));
        line.addAll(command);
        return line;
    }

    /** A private directory of this user. */
    public void directory(Path path) {
        Durable.directory(path, "rwx------");
        own(path);
    }

    /** A private file of this user, written durably. */
    public void file(Path path, String content) {
        Durable.write(path, content, this);
    }

    /** Gives it to this user; nothing to do when that is us. */
    public void own(Path path) {
        if (name.isEmpty()) {
            return;
        }
        try {
            var lookup = path.getFileSystem().getUserPrincipalLookupService();
            var view =
                    Files.getFileAttributeView(
                            path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setGroup(lookup.lookupPrincipalByGroupName(name.get()));
            view.setOwner(lookup.lookupPrincipalByName(name.get()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
