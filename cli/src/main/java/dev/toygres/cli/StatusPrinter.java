package dev.toygres.cli;

import dev.toygres.cli.house.Status;
import java.util.stream.Stream;

/** What runs, as text. */
final class StatusPrinter {
    private StatusPrinter() {}

    static void print(Status status, Output output) {
        output.print(status, s -> table(s, output));
    }

    private static void table(Status status, Output output) {
        output.line("Home: " + status.home());
        var table = new Table("WHAT", "STATE", "PID", "ADDRESS");
        Stream.of(
                        status.catalogue().stream(),
                        status.servers().stream(),
                        status.hosts().stream(),
                        status.processes().stream())
                .flatMap(part -> part)
                .forEach(
                        part ->
                                table.row(
                                        part.id(),
                                        part.state(),
                                        part.pid().map(String::valueOf).orElse(""),
                                        part.address().orElse("")));
        table.print(output);
        if (status.servers().isEmpty() && status.hosts().isEmpty()) {
            output.line("Nothing is installed here. Start it: toygres up");
        }
    }
}
