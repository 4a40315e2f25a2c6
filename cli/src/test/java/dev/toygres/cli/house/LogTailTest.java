package dev.toygres.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    private static final String INFO =
            """
            {"log":{"level":"INFO"},"message":"starting"}
            """;
    private static final String ERROR =
            """
            {"log":{"level":"ERROR"},"message":"Application run failed","error":{"stack_trace":\
            "org.x.BeanException: no bean\\n\\tat a.b\\nCaused by: org.postgresql.util.PSQLException:\
             Connection to 10.0.0.1:5432 refused.\\n\\tat c.d\\nCaused by: java.net.ConnectException:\
             Connection refused\\n\\tat e.f\\n"}}
            """;

    @TempDir private Path directory = Path.of("");
    private Path log = directory;

    @BeforeEach
    void name() {
        log = directory.resolve("server.log");
    }

    @Test
    void onlyTheLastErrorIsToldAndInWords() throws IOException {
        Files.writeString(log, INFO + ERROR + INFO);

        assertThat(LogTail.of(log))
                .isEqualTo(
                        "Application run failed: PSQLException: Connection to 10.0.0.1:5432 refused.\n(its log: "
                                + log
                                + ")");
    }

    @Test
    void anErrorOfAnEarlierStartIsNotTold() throws IOException {
        Files.writeString(log, ERROR);
        long since = LogTail.end(log);
        Files.writeString(
                log, INFO + "toygres server: port 1 is taken\n", StandardOpenOption.APPEND);

        assertThat(LogTail.of(log, since))
                .startsWith("toygres server: port 1 is taken\n")
                .doesNotContain("PSQLException");
    }

    @Test
    void theAgentsErrorsAreUnderstoodToo() throws IOException {
        Files.writeString(
                log,
                """
                {"level":"ERROR","formattedMessage":"the agent cannot start","throwable":\
                {"className":"a.B","message":"outer","cause":{"className":"c.D",\
                "message":"the address is taken"}}}
                """);

        assertThat(LogTail.of(log)).startsWith("the agent cannot start: the address is taken\n");
    }

    @Test
    void aLogThatIsNotThereIsNamed() {
        assertThat(LogTail.of(log)).contains(log.toString());
    }
}
