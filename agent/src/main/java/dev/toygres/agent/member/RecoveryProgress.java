package dev.toygres.agent.member;

import dev.toygres.agent.process.Processes;
import dev.toygres.model.MemberId;
import java.time.Duration;

/**
 * Whether a recovery gets on. It takes no questions, so its processes are looked at: which segment
 * is replayed, and what whoever replays, and whoever writes out what was replayed, have read,
 * written and worked. A recovery may take hours, and is none as long as it does something; one that
 * does nothing never ends.
 */
final class RecoveryProgress {
    private final String title;
    private String last = "";
    private long movedAt;
    private boolean under;

    RecoveryProgress(MemberId id) {
        title = "postgres: " + id + ": ";
    }

    /** How long nothing has moved, as far as was looked; nothing when it does not recover. */
    synchronized Duration stalled(boolean recovering) {
        if (!recovering) {
            under = false;
            return Duration.ZERO;
        }
        var now = traces();
        if (!under || !now.equals(last)) {
            last = now;
            movedAt = System.nanoTime();
        }
        under = true;
        return Duration.ofNanos(System.nanoTime() - movedAt);
    }

    private String traces() {
        var all = new StringBuilder();
        for (var pid : Processes.holding(title)) {
            var words = String.join(" ", Processes.arguments(pid));
            if (words.startsWith(title + "startup")) {
                all.append(words).append(Processes.work(pid)).append(Processes.traffic(pid));
            } else if (words.startsWith(title + "checkpointer")) {
                // It wakes up now and then with nothing to do, which is work but no progress.
                all.append(words).append(Processes.traffic(pid));
            }
        }
        return all.toString();
    }
}
