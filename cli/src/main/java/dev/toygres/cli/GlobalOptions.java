package dev.toygres.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every command, before or after its name. */
final class GlobalOptions {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            scope = ScopeType.INHERIT,
            description = "How to print: ${COMPLETION-CANDIDATES}; default: table.")
    Format format = Format.table;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "Where an installation on this machine lives; default: TOYGRES_HOME, else"
                            + " ~/.toygres.")
    @Nullable Path home;

    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The server; default: TOYGRES_SERVER, else as in config.yaml.")
    @Nullable String server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "A file with the API token; default: TOYGRES_TOKEN, else as in config.yaml.")
    @Nullable Path tokenFile;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            scope = ScopeType.INHERIT,
            description =
                    "The API token itself. Others on this machine can see it: better --token-file"
                            + " or TOYGRES_TOKEN.")
    @Nullable String token;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "The certificate authority of the server, PEM; default: TOYGRES_CA, else as in"
                            + " config.yaml.")
    @Nullable Path authority;
}
