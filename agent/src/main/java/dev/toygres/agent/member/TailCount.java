package dev.toygres.agent.member;

import dev.toygres.agent.process.ToolFailed;
import dev.toygres.model.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions that were committed, or prepared, in a stretch of WAL, as pg_waldump tells them.
 *
 * @param firstAt when the first of them was committed, by the clock of its host
 * @param whole whether all of it was read
 */
record TailCount(
        long transactions, Optional<Instant> firstAt, Optional<Instant> lastAt, boolean whole) {
    private static final Logger LOG = LoggerFactory.getLogger(TailCount.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Pattern COMMIT =
            Pattern.compile(
                    "desc: (?:COMMIT(?:_PREPARED \\d+:)?|PREPARE gid .*:) (\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?) UTC");

    /** Of the member's own WAL, from the fork on; what cannot be read does not count. */
    static TailCount of(Member member, Ground ground, WalEnd end, Lsn fork) {
        var counting = new Counting();
        var bin = ground.installations().bin(member.known().postgresMajor());
        var command =
                List.of(
                        "env",
                        "TZ=UTC",
                        bin.resolve("pg_waldump").toString(),
                        "--rmgr=Transaction",
                        "--path=" + member.home.data().resolve("pg_wal"),
                        "--timeline=" + end.lineage().last().timeline(),
                        "--start=" + fork,
                        "--end=" + end.position());
        try {
            ground.tools().run(LIMIT, command, counting);
            return counting.count(true);
        } catch (ToolFailed partly) {
            // It also ends so when the last record is not whole.
            LOG.info("{}: {}", member.id, partly.getMessage());
            return counting.count(false);
        }
    }

    /** Reads line after line. */
    static final class Counting implements Consumer<String> {
        private long transactions;
        private Optional<Instant> first = Optional.empty();
        private Optional<Instant> last = Optional.empty();

        @Override
        public void accept(String line) {
            var found = COMMIT.matcher(line);
            if (found.find()) {
                transactions++;
                last = Optional.of(Instant.parse(found.group(1) + "T" + found.group(2) + "Z"));
                first = first.or(() -> last);
            }
        }

        TailCount count(boolean whole) {
            return new TailCount(transactions, first, last, whole);
        }
    }
}
