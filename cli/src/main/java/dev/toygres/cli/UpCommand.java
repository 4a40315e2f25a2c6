package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code toygres up}. */
@Command(
        name = "up",
        description = "Start toygres on this machine; what runs already is left alone.")
final class UpCommand extends ApiCommand {
    /** Each has an address 127.0.0.N. */
    private static final int MOST_HOSTS = 254;

    private static final int MOST_SERVERS = 32;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            description =
                    "How many hosts this machine stands for, at least; default: as many as it did,"
                            + " or 1.")
    private @Nullable Integer hosts;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many server processes, at least; default: 1.")
    private int servers = 1;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            description =
                    "Where servers and the host listen, so that other machines can join: an address"
                            + " of this machine; default: loopback, for this machine alone.")
    private @Nullable String address;

    @Option(names = "--host", paramLabel = "HOST", description = "Only the agent of this host.")
    private @Nullable String host;

    UpCommand(Session session) {
        super(session);
    }

    private void checkRange(String option, int count, int least, int most) {
        if (count < least || count > most) {
            throw new ParameterException(
                    spec.commandLine(), "%s: must be from %d to %d".formatted(option, least, most));
        }
    }

    private void checkAddress(String asked) {
        try {
            if (asked.matches("[0-9a-fA-F.:]+")
                    && NetworkInterface.getByInetAddress(InetAddress.getByName(asked)) != null) {
                return;
            }
        } catch (IOException unknown) {
            // As said below.
        }
        throw new ParameterException(
                spec.commandLine(),
                "--address: '%s' is not an address of this machine; see 'ip address'"
                        .formatted(asked));
    }

    @Override
    void run() {
        // A machine that others can join may be there for the servers alone.
        if (hosts != null) {
            checkRange("--hosts", hosts, address == null ? 1 : 0, MOST_HOSTS);
        }
        checkRange("--servers", servers, 1, MOST_SERVERS);
        if (address != null) {
            checkAddress(address);
        }
        var began = System.nanoTime();
        var installation = Installation.prepare(session.home());
        installation.up(
                new Installation.Wishes(
                        Optional.ofNullable(hosts),
                        servers,
                        Optional.ofNullable(address),
                        Optional.ofNullable(host),
                        session.around.variable("TOYGRES_DATABASE_URL"),
                        session.around.distribution(),
                        Optional.empty()),
                words -> session.output().note("toygres: " + words));
        session.output()
                .note("toygres: up after %.1f s".formatted((System.nanoTime() - began) / 1e9));
        StatusPrinter.print(installation.status(), session.output());
    }
}
