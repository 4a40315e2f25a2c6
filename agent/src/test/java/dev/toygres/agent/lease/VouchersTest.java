package dev.toygres.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.Order;
import dev.toygres.agentapi.lease.Electorate;
import dev.toygres.agentapi.lease.Electorate.Elector;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import dev.toygres.model.lease.LeaseTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S2, S4: what a voucher is worth, whatever list comes after it. */
class VouchersTest {
    private static final MemberId ELECTOR = new MemberId("pg-r1");
    private static final long TERM = 3;
    private static final long STAMP = 1_000_000_000_000L;
    private static final long SHORT = 3_000;
    private static final long LONG = 20_000;

    private final Lease lease = new Lease();

    private long fenceAt(long ttlMs) {
        var elector = new Elector(ELECTOR, new HostId("host-2"), new Address("127.0.0.2", 1));
        return lease.fenceAt(TERM, new Electorate(1, ttlMs, List.of(elector)));
    }

    private static long after(long ttlMs) {
        return STAMP + LeaseTimes.ofMillis(ttlMs).selfFence().toNanos();
    }

    /** It did: its elector could be promoted seventeen seconds before the old primary ended. */
    @Test
    void oneOfAShortLeaseIsWorthNoMoreUnderALongOne() {
        lease.vouched(ELECTOR, TERM, STAMP, SHORT);

        assertThat(fenceAt(LONG)).isEqualTo(after(SHORT));
    }

    @Test
    void oneOfALongLeaseIsWorthNoMoreThanAShortOneThatFollows() {
        lease.vouched(ELECTOR, TERM, STAMP, LONG);

        assertThat(fenceAt(SHORT)).isEqualTo(after(SHORT));
    }

    /** It waited for the short lease only, while the old primary lived on by the long one. */
    @Test
    void anElectorThatRestartsReckonsWithTheLongestLeaseOfItsTerm(@TempDir Path home) {
        var file = home.resolve("promises.json");
        var before = new Promises(file, () -> STAMP, "boot");
        before.vow(vow(LONG));
        before.vow(vow(SHORT));

        var after = new Promises(file, () -> STAMP, "boot");

        assertThat(after.vouchersOut()).isEqualTo(Duration.ofMillis(LONG));
    }

    private static Order.VouchFor vow(long ttlMs) {
        return new Order.VouchFor(
                ELECTOR,
                new InstanceId("pg"),
                TERM,
                new MemberId("pg-m1"),
                new HostId("host-1"),
                ttlMs);
    }

    /** The server waits for as long as any list that it may have sent says. */
    @Test
    void aGrantLastsAsLongAsTheListSays() {
        lease.granted(TERM, STAMP);

        assertThat(fenceAt(LONG)).isEqualTo(after(LONG));
        assertThat(fenceAt(SHORT)).isEqualTo(after(SHORT));
    }
}
