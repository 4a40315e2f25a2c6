package dev.toygres.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A name with commands below it. */
@Command
abstract class Group implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public final void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which of " + String.join(", ", spec.subcommands().keySet()) + "?");
    }

    @Command(name = "operation", description = "Look at long work, and steer it.")
    static final class Operations extends Group {}

    @Command(name = "replica", description = "Add replicas, look at them, remove them.")
    static final class Replicas extends Group {}

    @Command(name = "notification", description = "Who is told of alerts, and how (admin only).")
    static final class Notifications extends Group {}

    @Command(name = "params", description = "Postgres parameters: look at them, change them.")
    static final class Params extends Group {}

    @Command(
            name = "auto-failover",
            description = "What happens by itself when a primary fails; pause it, resume it.")
    static final class AutoFailovers extends Group {}

    @Command(name = "backup", description = "Back instances up, and look after the backups.")
    static final class Backups extends Group {}

    @Command(name = "drill", description = "Rehearse restores: measured, checked, and dropped.")
    static final class Drills extends Group {}

    @Command(name = "secret", description = "Keys of stores and of backups: in, and never out.")
    static final class Secrets extends Group {}

    @Command(name = "token", description = "API tokens (admin only).")
    static final class Tokens extends Group {}

    @Command(name = "host", description = "Take hosts in, or let them go.")
    static final class Hosts extends Group {}
}
