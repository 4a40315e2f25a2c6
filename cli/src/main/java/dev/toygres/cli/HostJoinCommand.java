package dev.toygres.cli;

import dev.toygres.cli.house.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres host join}. */
@Command(
        name = "join",
        description = "Make this machine a host of a server elsewhere (named by --server, --ca).")
final class HostJoinCommand extends ApiCommand {
    private static final String RANGE = "[0-9a-fA-F.:]+(/\\d{1,3})?";

    @Parameters(paramLabel = "HOST", description = "The id that this host shall have.")
    private String id = "";

    @Option(
            names = "--join-token-file",
            paramLabel = "FILE",
            description = "Holds what 'toygres host token' printed; default: TOYGRES_JOIN_TOKEN.")
    private @Nullable Path joinTokenFile;

    @Option(
            names = "--address",
            paramLabel = "ADDRESS",
            required = true,
            description = "Where its agent listens and the server reaches it.")
    private String address = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Of the agent; default: a free one.")
    private @Nullable Integer port;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "local",
            description = "Where it is; default: ${DEFAULT-VALUE}.")
    private String region = "local";

    @Option(
            names = "--availability-zone",
            paramLabel = "ZONE",
            defaultValue = "local-a",
            description = "Where it is; default: ${DEFAULT-VALUE}.")
    private String availabilityZone = "local-a";

    @Option(
            names = "--endpoint-addresses",
            paramLabel = "RANGE,...",
            description =
                    "Addresses that move to this host when another one dies, such as 10.0.0.16/28: it"
                            + " may serve instances there.")
    private @Nullable String endpointAddresses;

    HostJoinCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        String token = joinToken();
        var installation = Installation.prepare(session.home());
        installation.join(
                id,
                region,
                availabilityZone,
                address,
                Optional.ofNullable(port),
                ranges(),
                session.client(),
                token,
                session.around.distribution());
        session.output().note(id + " has joined; its agent runs.");
        StatusPrinter.print(installation.status(), session.output());
    }

    private Optional<String> ranges() {
        if (endpointAddresses != null && !endpointAddresses.matches(RANGE + "(," + RANGE + ")*")) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--endpoint-addresses: '%s' is not a list of addresses or ranges such as 10.0.0.16/28"
                            .formatted(endpointAddresses));
        }
        return Optional.ofNullable(endpointAddresses);
    }

    private String joinToken() {
        if (joinTokenFile == null) {
            String variable = session.around.variable("TOYGRES_JOIN_TOKEN");
            if (variable.isBlank()) {
                throw new CommandFailed(
                        ExitCode.USAGE, "--join-token-file or TOYGRES_JOIN_TOKEN is needed");
            }
            return variable.strip();
        }
        try {
            return Files.readString(joinTokenFile).strip();
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.USAGE, "--join-token-file: cannot read " + joinTokenFile, e);
        }
    }
}
