package dev.toygres.cli;

import dev.toygres.api.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code toygres psql}. The launcher lets this process ignore Ctrl-C, which is for psql. */
@Command(
        name = "psql",
        description = "Open psql on an instance, as its owner.",
        footer = {
            "What is no option of toygres goes to psql: toygres psql mydb -c 'SELECT 1'",
            "What both know, such as -o and -h, goes to psql after --: toygres psql mydb -- -o FILE"
        })
final class PsqlCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "ID", description = "The instance.")
    private String id = "";

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "Given to psql as it is.")
    private List<String> arguments = new ArrayList<>();

    private final Session session;

    PsqlCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var instance = session.client().getInstance(id);
        refuseStopped(instance);
        var credentials = session.client().getCredentials(id);
        var login = Login.readWrite(credentials);
        var command = new ArrayList<>(List.of(program()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command).inheritIO();
        var environment = process.environment();
        environment.keySet().removeIf(name -> name.startsWith("TOYGRES_"));
        environment.put("PGHOST", login.host());
        environment.put("PGPORT", Integer.toString(login.port()));
        environment.put("PGUSER", login.user());
        environment.put("PGDATABASE", login.database());
        environment.put("PGSSLMODE", login.sslMode());
        environment.put(
                "PGSSLROOTCERT",
                CaFile.keep(session.around, instance, credentials.caCertificate()).toString());
        // Not an argument: everybody on the machine can read those.
        environment.put("PGPASSWORD", login.password());
        return process.start().waitFor();
    }

    /** Its endpoint would hold the client for half a minute, in the hope of a primary. */
    private void refuseStopped(Instance instance) {
        if (instance.state().equals("Stopped")) {
            throw new CommandFailed(
                    ExitCode.REFUSED,
                    "%s is Stopped: %s"
                            .formatted(id, instance.failure().orElse("toygres start " + id)));
        }
    }

    /** The one that PSQL names, else the one on the PATH, else Debian's newest. */
    private String program() throws IOException {
        if (!session.around.variable("PSQL").isBlank()) {
            return session.around.variable("PSQL");
        }
        for (String directory : session.around.variable("PATH").split(":", -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, "psql"))) {
                return "psql";
            }
        }
        var debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (var majors = Files.list(debian)) {
                var found =
                        majors.map(major -> major.resolve("bin/psql"))
                                .filter(Files::isExecutable)
                                .max(Comparator.naturalOrder());
                if (found.isPresent()) {
                    return found.get().toString();
                }
            }
        }
        throw new CommandFailed(
                ExitCode.FAILED, "psql is not installed: apt-get install postgresql-client");
    }
}
