package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HelpTest {
    @TempDir private Path home = Path.of("");

    @Test
    void everyCommandHasHelpThatWasLookedAt() throws IOException {
        var text = new StringBuilder();
        for (var command : commands()) {
            command.add("--help");
            var result = new Toy(home).run(command.toArray(String[]::new));
            assertThat(result.code()).isZero();
            text.append("\n$ toygres ").append(String.join(" ", command)).append('\n');
            text.append(result.out());
        }
        Golden.check("help.txt", text.toString());
    }

    @Test
    void everyOptionAndArgumentIsDescribed() {
        for (var command : all(whole())) {
            for (var argument : command.getCommandSpec().args()) {
                assertThat(argument.description())
                        .as("%s %s", command.getCommandSpec().qualifiedName(), argument)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void completionKnowsTheCommands() {
        var result = new Toy(home).run("completion");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("complete -F _complete_toygres").contains("restart");
    }

    private static List<List<String>> commands() {
        var all = new ArrayList<List<String>>();
        for (var command : all(whole())) {
            var words = new ArrayList<String>();
            for (CommandLine at = command; at.getParent() != null; at = at.getParent()) {
                words.addFirst(at.getCommandName());
            }
            all.add(words);
        }
        return all;
    }

    private static List<CommandLine> all(CommandLine command) {
        var found = new ArrayList<CommandLine>();
        found.add(command);
        for (var below : new LinkedHashSet<>(command.getSubcommands().values())) {
            found.addAll(all(below));
        }
        return found;
    }

    private static CommandLine whole() {
        var options = new GlobalOptions();
        return Main.commandLine(new Session(Surroundings.ofThisProcess(), options), options);
    }
}
