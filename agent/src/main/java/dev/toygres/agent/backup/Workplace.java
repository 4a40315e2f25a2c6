package dev.toygres.agent.backup;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where an engine works for one member, or for one repository: a directory of the service user's
 * own beside the data, never inside. Two members never share lock, log or spool.
 *
 * @param cluster the data that it works on; empty: only the repository
 */
public record Workplace(Path root, Optional<Cluster> cluster) {

    /**
     * A Postgres of this host, as the engine reaches it.
     *
     * @param environment what libpq needs to log in: paths of files, no secrets
     */
    public record Cluster(Path data, int port, Map<String, String> environment) {}

    /** The same place for data that lies elsewhere. */
    public Workplace at(Path data) {
        return new Workplace(
                root, cluster.map(one -> new Cluster(data, one.port(), one.environment())));
    }

    /** Of orders, written anew by each of them and gone when they end. */
    public Path work() {
        return root.resolve("work.conf");
    }

    /** Of the archive command. */
    public Path archive() {
        return root.resolve("archive.conf");
    }

    /** Of the restore command, while WAL is replayed. */
    public Path source() {
        return root.resolve("source.conf");
    }

    /** Of what is no part of the engine's repository: dumps, and whose it is. */
    public Path objects() {
        return root.resolve("objects.conf");
    }

    /** Of the service that a standby's backup asks on the primary's host. */
    Path service() {
        return root.resolve("serve.conf");
    }

    public Path authorities() {
        return root.resolve("store-ca.crt");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path log() {
        return root.resolve("log");
    }

    Path spool() {
        return root.resolve("spool");
    }

    /** Makes it, for that user only. */
    public void make(ServiceUser user) {
        Durable.directory(root.resolveSibling("."), "rwx--x--x");
        user.directory(root);
        user.directory(lock());
        user.directory(log());
        user.directory(spool());
    }
}
