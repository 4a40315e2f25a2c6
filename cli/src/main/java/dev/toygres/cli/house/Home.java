package dev.toygres.cli.house;

import java.nio.file.Path;

/**
 * Where everything of an installation lies.
 *
 * @param directory the real one, without symbolic links
 */
public record Home(Path directory) {
    public Path config() {
        return directory.resolve("config.yaml");
    }

    /** What this house is made of: ports and hosts. */
    Path house() {
        return directory.resolve("house.json");
    }

    /** What those have to trust who come from elsewhere. */
    Path serverCertificate() {
        return directory.resolve("ca.pem");
    }

    Path secrets() {
        return directory.resolve("secrets");
    }

    Path secret(String name) {
        return secrets().resolve(name);
    }

    Path run() {
        return directory.resolve("run");
    }

    /** server.pid, server-2.pid, agent-host-1.pid. */
    Path pidFile(String process) {
        return run().resolve(process + ".pid");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    Path catalogue() {
        return directory.resolve("catalogue");
    }

    Path host(String hostId) {
        return directory.resolve("hosts").resolve(hostId);
    }

    /** Key and certificates of the host's agent. */
    Path hostTls(String hostId) {
        return host(hostId).resolve("tls");
    }

    Path distributions() {
        return directory.resolve("dist");
    }
}
