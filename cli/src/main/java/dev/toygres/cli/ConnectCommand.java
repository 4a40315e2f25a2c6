package dev.toygres.cli;

import dev.toygres.api.Credentials;
import dev.toygres.api.Instance;
import dev.toygres.api.Member;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code toygres connect}. */
@Command(name = "connect", description = "Show how a program connects to an instance.")
final class ConnectCommand extends ApiCommand {
    @Parameters(paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Option(names = "--show-password", description = "Show the owner's password too.")
    private boolean showPassword;

    ConnectCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var credentials = session.client().getCredentials(id);
        var output = session.output();
        output.print(
                strings(credentials, session.client().getInstance(id)),
                strings -> print(strings, output));
    }

    private Strings strings(Credentials credentials, Instance instance) {
        List<Member> members = instance.members();
        String ca = CaFile.keep(session.around, instance, credentials.caCertificate()).toString();
        var direct = Login.readWrite(credentials);
        var pooled = Login.pooled(credentials);
        Optional<Login> readOnly =
                instance.endpoints().map(endpoints -> direct.at(endpoints.readOnly()));
        return new Strings(
                credentials.username(),
                showPassword ? Optional.of(credentials.password()) : Optional.empty(),
                credentials.database(),
                ca,
                direct.libpq(ca),
                direct.jdbc(ca),
                readOnly.map(one -> one.libpq(ca)),
                readOnly.map(one -> one.jdbc(ca)),
                pooled.libpq(ca),
                pooled.jdbc(ca) + "&prepareThreshold=0",
                direct.libpq(ca, members, "read-write"),
                direct.libpq(ca, members, "prefer-standby"),
                direct.jdbc(ca, members, "primary"),
                direct.jdbc(ca, members, "preferSecondary"));
    }

    private static void print(Strings strings, Output output) {
        Table.facts()
                .row("User", strings.username())
                .row("Password", strings.password().orElse("(with --show-password)"))
                .row("Database", strings.database())
                .row("CA", strings.caFile())
                .print(output);
        output.line(
                """

                Each session has a connection of its own:
                  %s
                  %s

                Read-only: the replicas in turn, which may be a little behind; the primary while
                there is none that can serve, unless the instance forbids that:
                  %s
                  %s

                Pooled: a connection for each transaction, for many short sessions. No session
                state (SET, LISTEN, advisory locks, temporary tables) outlives a transaction, and
                named prepared statements must be off in the client:
                  %s
                  %s

                Past the endpoints, when they or their host are gone: the client looks for the
                primary among the members itself. A failover does not cut such sessions off before
                it fences the old primary, and new members are not in these strings; read only:
                target_session_attrs=prefer-standby, targetServerType=preferSecondary.
                  %s
                  %s\
                """
                        .formatted(
                                strings.uri(),
                                strings.jdbc(),
                                strings.readOnlyUri().orElse("-"),
                                strings.readOnlyJdbc().orElse("-"),
                                strings.pooledUri(),
                                strings.pooledJdbc(),
                                strings.membersUri(),
                                strings.membersJdbc()));
    }

    /** What a program needs; the password only on demand. */
    private record Strings(
            String username,
            Optional<String> password,
            String database,
            String caFile,
            String uri,
            String jdbc,
            Optional<String> readOnlyUri,
            Optional<String> readOnlyJdbc,
            String pooledUri,
            String pooledJdbc,
            String membersUri,
            String membersReadUri,
            String membersJdbc,
            String membersReadJdbc) {
        @Override
        public String toString() {
            return uri;
        }
    }
}
