package dev.toygres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnwindingTest {
    /** Works until it is interrupted, and then tidies up. */
    static final class Work {
        private Work() {}

        public static void main(String[] arguments) {
            try (var unwinding = new Unwinding()) {
                try {
                    System.out.println("working");
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    unwinding.tidyUp(Work::tidyUp);
                }
            }
        }

        private static void tidyUp() {
            System.out.println(Thread.currentThread().isInterrupted() ? "hasty" : "tidy");
        }
    }

    @Test
    void aDemoThatIsInterruptedLeavesNothingRunning() throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Work.class.getName())
                        .redirectErrorStream(true)
                        .start();
        InputStream said = process.getInputStream();
        assertThat(new String(said.readNBytes(8), StandardCharsets.UTF_8)).isEqualTo("working\n");

        // Not the process itself, which would close what it says.
        process.toHandle().destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(said.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("tidy\n");
    }
}
