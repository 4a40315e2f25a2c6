package dev.toygres.cli;

import dev.toygres.client.ToygresClient;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run of the command line: what commands have in common. */
final class Session implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    final Surroundings around;
    final GlobalOptions options;
    private @Nullable ToygresClient client;

    Session(Surroundings around, GlobalOptions options) {
        this.around = around;
        this.options = options;
    }

    Path home() {
        if (options.home != null) {
            return options.home.toAbsolutePath().normalize();
        }
        String variable = around.variable("TOYGRES_HOME");
        return variable.isBlank()
                ? around.userHome().resolve(".toygres")
                : Path.of(variable).toAbsolutePath().normalize();
    }

    /** Made when a command first needs it. */
    ToygresClient client() {
        ToygresClient made = client;
        if (made == null) {
            made = connection().client(PATIENCE);
            client = made;
        }
        return made;
    }

    Connection connection() {
        return Connection.resolve(options, around, home());
    }

    Output output() {
        return new Output(options.format, around);
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        around.out().flush();
        around.err().flush();
    }
}
