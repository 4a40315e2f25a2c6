package dev.toygres.cli;

import dev.toygres.api.Host;
import dev.toygres.api.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code toygres hosts}. */
@Command(name = "hosts", description = "List the hosts and what they have.")
final class HostsCommand extends ApiCommand {
    @Mixin private final PageOptions paging = new PageOptions();

    HostsCommand(Session session) {
        super(session);
    }

    @Override
    void run() {
        var page = paging.<Host>read(session.client()::listHosts);
        var output = session.output();
        output.print(page, p -> print(p, output));
    }

    private static void print(Page<Host> page, Output output) {
        var table =
                new Table(
                        "ID",
                        "STATE",
                        "REGION",
                        "ZONE",
                        "ADDRESS",
                        "POSTGRES",
                        "MEMBERS",
                        "FREE",
                        "DRIFT");
        for (var host : page.items()) {
            table.row(
                    host.id(),
                    host.state(),
                    host.region(),
                    host.availabilityZone(),
                    InstancePrinter.words(host.address()),
                    String.join(" ", host.postgresVersions()),
                    host.members().size(),
                    host.diskFreeBytes().map(Output::bytes).orElse(""),
                    drift(host));
        }
        table.print(output);
    }

    private static String drift(Host host) {
        var words = new StringBuilder();
        host.unknownMembers().forEach(member -> words.append("+").append(member).append(' '));
        host.missingMembers().forEach(member -> words.append("-").append(member).append(' '));
        host.leftovers().forEach(what -> words.append("~").append(what).append(' '));
        return words.toString().strip();
    }
}
