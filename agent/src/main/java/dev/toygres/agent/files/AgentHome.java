package dev.toygres.agent.files;

import dev.toygres.agent.process.LeasePage;
import dev.toygres.model.HostId;
import java.nio.file.Path;

/**
 * Where an agent keeps its things below TOYGRES_HOME. Another agent of the same home has others.
 */
public record AgentHome(Path home, HostId hostId) {

    public Path host() {
        return home.resolve("hosts").resolve(hostId.value());
    }

    public Path run() {
        return home.resolve("run");
    }

    public Path logs() {
        return home.resolve("logs");
    }

    public Path members() {
        return host().resolve("members");
    }

    public Path endpoints() {
        return host().resolve("endpoints");
    }

    public Path templates() {
        return host().resolve("templates");
    }

    /** What has been seen of tokens and terms, per subject; survives the subject. */
    public Path fences() {
        return host().resolve("fences");
    }

    /** Where the agent listens, for whoever starts servers on this machine. */
    public Path addressFile() {
        return host().resolve("agent.json");
    }

    public Path pidFile() {
        return run().resolve("agent-" + hostId + ".pid");
    }

    public Path logFile() {
        return logs().resolve("agent-" + hostId + ".log");
    }

    /** Where the agent shows that it is awake. */
    public Path beat() {
        return LeasePage.of(host());
    }

    /**
     * How the agent was started, for whoever starts it again; not there: it is meant to be ended.
     */
    public Path commandFile() {
        return host().resolve("agent.command");
    }

    /** What its JVM says. */
    public Path output() {
        return logs().resolve("agent-" + hostId + ".out");
    }

    /** Others must be able to pass through, not to look around. */
    public void make() {
        Durable.directory(run(), "rwxr-xr-x");
        Durable.directory(logs(), "rwxr-xr-x");
        Durable.directory(home.resolve("hosts"), "rwx--x--x");
        Durable.directory(host(), "rwx--x--x");
        Durable.directory(members(), "rwx--x--x");
        Durable.directory(endpoints(), "rwx--x--x");
        Durable.directory(templates(), "rwx--x--x");
        Durable.directory(fences(), "rwx------");
    }
}
