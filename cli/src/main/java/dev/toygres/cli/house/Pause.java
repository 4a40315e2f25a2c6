package dev.toygres.cli.house;

import dev.toygres.cli.CommandFailed;
import dev.toygres.cli.ExitCode;
import java.time.Duration;

/** Waiting between two looks at something that no event tells of. */
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
        }
    }
}
