package dev.toygres.agent.member;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of one member. Memory and secrets are the agent's, the rest is Postgres's. */
record MemberHome(Path root) {

    Path data() {
        return root.resolve("data");
    }

    /** Data that is not complete yet: whatever is found here is made anew. */
    Path making() {
        return root.resolve("data.making");
    }

    Path memory() {
        return root.resolve("member.json");
    }

    /** What it has promised as an elector. */
    Path promises() {
        return root.resolve("promises.json");
    }

    /** Certificate of what only the agent can log in with: see {@link AccessKey}. */
    Path accessCertificate() {
        return root.resolve("access").resolve("agent.crt");
    }

    Path accessKey() {
        return root.resolve("access").resolve("agent.pk8");
    }

    /** What Postgres knows the agent by. */
    Path accessAuthority() {
        return root.resolve("tls").resolve("agent-ca.crt");
    }

    Path names() {
        return root.resolve("conf").resolve("pg_ident.conf");
    }

    /** The password of the replication role at the upstream. */
    Path passfile() {
        return root.resolve("conf").resolve("upstream.pass");
    }

    /** With it Postgres starts as a standby and stays one until it is promoted. */
    Path standbySignal() {
        return data().resolve("standby.signal");
    }

    /** While it is there, the standby asks nobody for WAL: see {@link Parting}. */
    Path parted() {
        return root.resolve("conf").resolve("parted");
    }

    /** How the server wants it to be checked: see {@link Watching}. */
    Path watching() {
        return root.resolve("watch.json");
    }

    /** See {@link UnwantedSlots}. */
    Path unwantedSlots() {
        return root.resolve("unwanted-slots");
    }

    /** WAL that was here and is not part of the instance's history. */
    Path salvage() {
        return root.resolve("salvage");
    }

    Path settings() {
        return root.resolve("conf").resolve("toygres.conf");
    }

    /** The settings with which Postgres came up last. */
    Path goodSettings() {
        return root.resolve("settings.good.json");
    }

    /** Why it came up with those, and not with what it was given. */
    Path returned() {
        return root.resolve("settings.returned");
    }

    Path access() {
        return root.resolve("conf").resolve("pg_hba.conf");
    }

    Path certificate() {
        return root.resolve("tls").resolve("server.crt");
    }

    Path key() {
        return root.resolve("tls").resolve("server.key");
    }

    Path authority() {
        return root.resolve("tls").resolve("ca.crt");
    }

    /** Where the backup engine works for this member; the service user's. */
    Path backup() {
        return root.resolve("backup");
    }

    /** While it is there, this member may archive its WAL (S8, S12). */
    Path archivePermit() {
        return backup().resolve("may-archive");
    }

    /** While it is there, WAL waits for its archive to be configured. */
    Path archiveWaits() {
        return backup().resolve("waits");
    }

    /** What Postgres calls for each segment; the engine wants its own name in there. */
    Path archiveScript() {
        return backup().resolve("pgbackrest-archive.sh");
    }

    /** What Postgres fetches WAL with while a restore replays. */
    Path fetchScript() {
        return backup().resolve("pgbackrest-fetch.sh");
    }

    /** The agent's identity once more, for programs that run as the service user. */
    Path clientCertificate() {
        return backup().resolve("agent.crt");
    }

    Path clientKey() {
        return backup().resolve("agent.key");
    }

    Path recoverySignal() {
        return data().resolve("recovery.signal");
    }

    /** What the last restore answered. */
    Path restored() {
        return root.resolve("restored.json");
    }

    /** Data and memory from before the last restore. */
    Path kept() {
        return root.resolve("kept");
    }

    Path guard() {
        return root.resolve("guard");
    }

    boolean hasData() {
        return Files.exists(data());
    }

    void make(ServiceUser user) {
        Durable.directory(root, "rwx--x--x");
        user.directory(root.resolve("conf"));
        user.directory(root.resolve("tls"));
        user.directory(guard());
    }
}
