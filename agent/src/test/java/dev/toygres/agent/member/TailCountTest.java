package dev.toygres.agent.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines as pg_waldump 15 writes them. */
final class TailCountTest {
    @Test
    void countsWhatWasCommittedOrPreparedAndNothingElse() {
        var counting = new TailCount.Counting();
        List.of(
                        "rmgr: Transaction len (rec/tot):     34/    34, tx:        731, lsn: 0/01522B58, prev 0/01522B20, desc: COMMIT 2026-11-29 01:02:03.25 UTC",
                        "rmgr: Transaction len (rec/tot):     34/    34, tx:        732, lsn: 0/01522B98, prev 0/01522B58, desc: ABORT 2026-11-29 01:02:04.25 UTC",
                        "rmgr: Transaction len (rec/tot):    405/   405, tx:        733, lsn: 0/01522C18, prev 0/01522B98, desc: COMMIT 2026-11-29 01:02:05 UTC; inval msgs: catcache 55",
                        "rmgr: Transaction len (rec/tot):    405/   405, tx:          0, lsn: 0/01522D18, prev 0/01522C18, desc: COMMIT_PREPARED 742: 2026-11-29 01:02:06.5 UTC",
                        "rmgr: Transaction len (rec/tot):    198/   198, tx:        743, lsn: 0/01522D98, prev 0/01522D18, desc: PREPARE gid an order: 2026-11-29 01:02:07.5 UTC",
                        "pg_waldump: error: error in WAL record at 0/1522C18: invalid record length")
                .forEach(counting);

        assertThat(counting.count(false))
                .isEqualTo(
                        new TailCount(
                                4,
                                Optional.of(Instant.parse("2026-11-29T01:02:03.250Z")),
                                Optional.of(Instant.parse("2026-11-29T01:02:07.500Z")),
                                false));
    }
}
