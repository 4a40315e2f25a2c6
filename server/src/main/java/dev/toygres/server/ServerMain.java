package dev.toygres.server;

import dev.toygres.server.options.OptionReader;
import dev.toygres.server.options.OptionsFault;
import dev.toygres.server.options.ServerOptions;
import dev.toygres.server.wiring.CatalogueWiring;
import dev.toygres.server.wiring.DeskWiring;
import dev.toygres.server.wiring.MonitorWiring;
import dev.toygres.server.wiring.ServerWiring;
import java.util.List;

/** Starts the server. */
public final class ServerMain {
    private static final int USAGE = 2;

    private ServerMain() {}

    public static void main(String[] arguments) {
        ServerOptions options;
        try {
            options = OptionReader.read(List.of(arguments), System.getenv());
        } catch (OptionsFault e) {
            e.faults().forEach(fault -> System.err.println("toygres server: " + fault));
            System.exit(USAGE);
            return;
        }
        var _ =
                Server.start(
                        options,
                        ServerWiring.class,
                        CatalogueWiring.class,
                        DeskWiring.class,
                        MonitorWiring.class);
    }
}
