package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agent.files.Durable;
import dev.toygres.agent.process.ServiceUser;
import dev.toygres.agent.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("harness")
final class ControlDataTest {
    private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
    private final ServiceUser user = ServiceUser.choose(Optional.empty());
    private final Tools tools = new Tools(user);
    private Path directory;
    private Path data;

    @BeforeEach
    void initialize() throws IOException {
        directory = Files.createTempDirectory("toygres-control");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        data = directory.resolve("data");
        user.directory(data);
        tools.run(
                Duration.ofMinutes(1),
                List.of(
                        BIN.resolve("initdb").toString(),
                        "--no-sync",
                        "--wal-segsize=4",
                        "-D",
                        data.toString()));
    }

    @AfterEach
    void remove() {
        Durable.delete(directory);
    }

    @Test
    void readsWhatTheToolSays() {
        var told = ControlData.told(data, BIN, tools);

        assertThat(ControlFile.read(data)).contains(told);
        assertThat(told.cleanlyShutDown()).isTrue();
        assertThat(told.segmentBytes()).isEqualTo(4 << 20);
    }

    @Test
    void tellsTheOldestTransactionAtWork() {
        var next = ControlData.oldestTransaction(data, BIN, tools);
        assertThat(next).as("at a shutdown nobody is").isGreaterThan(700);
        var words =
                """
                Latest checkpoint's NextXID:          3:742
                Latest checkpoint's oldestActiveXID:  4294967290
                """;
        assertThat(ControlData.oldestTransaction(words)).isEqualTo(-6);
    }

    @Test
    void believesNoFileWhoseChecksumIsWrong() throws IOException {
        var file = data.resolve("global/pg_control");
        var bytes = Files.readAllBytes(file);
        bytes[36]++;
        Files.write(file, bytes);

        assertThat(ControlFile.read(data)).isEmpty();
    }

    @Test
    void leavesALayoutThatItDoesNotKnowToTheTool() throws IOException {
        var file = data.resolve("global/pg_control");
        var bytes = Files.readAllBytes(file);
        bytes[8]++;
        Files.write(file, bytes);

        assertThat(ControlFile.read(data)).isEmpty();
    }
}
