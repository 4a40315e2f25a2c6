package dev.toygres.agent.backup;

import dev.toygres.agent.member.Progress;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** How far a copy is, from the engine's line for each file that is done. */
final class Meter implements Consumer<String> {
    private static final Pattern PART = Pattern.compile(" DETAIL: .*[(,] ?(\\d+\\.\\d+)%\\)");

    private final String verb;
    private final long expectedBytes;
    private final Progress progress;

    Meter(String verb, long expectedBytes, Progress progress) {
        this.verb = verb;
        this.expectedBytes = expectedBytes;
        this.progress = progress;
    }

    @Override
    public void accept(String line) {
        var match = PART.matcher(line);
        if (match.find()) {
            var part = Math.min(1, Double.parseDouble(match.group(1)) / 100);
            progress.report(
                    part,
                    "%s %d of about %d bytes"
                            .formatted(verb, (long) (part * expectedBytes), expectedBytes));
        }
    }
}
