package dev.toygres.cli.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.cli.CommandFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeDirectoryTest {
    @TempDir private Path directory = Path.of("");

    private HomeDirectory homes(boolean reachable) {
        Path elsewhere = directory.resolve("elsewhere");
        return new HomeDirectory(
                ServiceUser.themselves(),
                above -> reachable || above.startsWith(elsewhere),
                elsewhere);
    }

    @Test
    void isMadeWhereItWasAskedFor() {
        Path asked = directory.resolve("deep/home");

        var home = homes(true).prepare(asked);

        assertThat(home.directory()).isEqualTo(asked);
        assertThat(home.run()).isDirectory();
        assertThat(home.secrets()).isDirectory();
    }

    @Test
    void isALinkWhereTheServiceUserCannotGo() throws IOException {
        Path asked = directory.resolve("home");

        var home = homes(false).prepare(asked);

        assertThat(asked).isSymbolicLink();
        assertThat(home.directory()).startsWith(directory.resolve("elsewhere"));
        assertThat(asked.toRealPath()).isEqualTo(home.directory());
    }

    @Test
    void anEmptyDirectoryGivesWayToTheLink() throws IOException {
        Path asked = Files.createDirectory(directory.resolve("home"));

        homes(false).prepare(asked);

        assertThat(asked).isSymbolicLink();
    }

    @Test
    void aSecondTimeFindsTheFirst() {
        Path asked = directory.resolve("home");
        var first = homes(false).prepare(asked);

        assertThat(homes(false).prepare(asked)).isEqualTo(first);
    }

    @Test
    void aDirectoryOfSomebodyElseIsLeftAlone() throws IOException {
        Path asked = Files.createDirectory(directory.resolve("home"));
        Files.writeString(asked.resolve("thesis.txt"), "mine");

        assertThatThrownBy(() -> homes(true).prepare(asked))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("not of toygres");
    }

    @Test
    void aHomeThatCannotBeReachedAnyMoreIsNotReplaced() {
        Path asked = directory.resolve("home");
        homes(true).prepare(asked);

        assertThatThrownBy(() -> homes(false).prepare(asked))
                .isInstanceOf(CommandFailed.class)
                .hasMessageContaining("not empty");
    }
}
