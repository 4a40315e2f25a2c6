package dev.toygres.cli;

import dev.toygres.client.ToygresClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the server is and how to log in: each from the flags, else the environment, else {@code
 * config.yaml} of the home, else the user's own.
 */
record Connection(List<String> servers, Optional<String> token, Optional<Path> authority) {

    static Connection resolve(GlobalOptions options, Surroundings around, Path home) {
        var config =
                Stream.of(
                                home.resolve("config.yaml"),
                                around.userHome().resolve(".config/toygres/config.yaml"))
                        .filter(Files::isReadable)
                        .findFirst()
                        .map(ConfigFile::read)
                        .orElse(ConfigFile.EMPTY);
        var servers =
                first(options.server, around.variable("TOYGRES_SERVER"))
                        .map(List::of)
                        .orElse(config.servers());
        if (servers.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.FAILED,
                    "no server is known: run 'toygres up' to start one here, or name one by"
                            + " --server or TOYGRES_SERVER (no config.yaml in "
                            + home
                            + ")");
        }
        return new Connection(
                servers,
                token(options, around).or(config::token),
                first(
                                options.authority == null ? null : options.authority.toString(),
                                around.variable("TOYGRES_CA"))
                        .or(config::authority)
                        .map(Path::of));
    }

    private static Optional<String> token(GlobalOptions options, Surroundings around) {
        if (options.tokenFile != null) {
            return Optional.of(text(options.tokenFile, "--token-file").strip());
        }
        return first(options.token, around.variable("TOYGRES_TOKEN"));
    }

    private static Optional<String> first(
            @org.jspecify.annotations.Nullable String flag, String variable) {
        if (flag != null) {
            return Optional.of(flag);
        }
        return Optional.of(variable).filter(value -> !value.isBlank());
    }

    /**
     * @param patience how long a server that does not answer is tried again
     */
    ToygresClient client(Duration patience) {
        try {
            var builder = ToygresClient.builder().servers(servers).patience(patience);
            token.ifPresent(builder::token);
            authority.ifPresent(file -> builder.authority(text(file, "--ca")));
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static String text(Path file, String option) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.USAGE, option + ": cannot read " + file + " (" + e + ")", e);
        }
    }
}
