package dev.toygres.agent.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.toygres.agentapi.Order.Prepare;
import dev.toygres.agentapi.Order.VouchFor;
import dev.toygres.agentapi.lease.VoucherRequest;
import dev.toygres.model.HostId;
import dev.toygres.model.InstanceId;
import dev.toygres.model.MemberId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S4: what an elector promises, and what it thereby may not do any more. */
final class PromisesTest {
    private static final InstanceId INSTANCE = new InstanceId("pg");
    private static final MemberId PRIMARY = new MemberId("pg-m1");
    private static final MemberId ELECTOR = new MemberId("pg-r1");
    private static final HostId HOST = new HostId("host-1");
    private static final long TTL = 3_000;
    private static final Duration SHORT = Duration.ofMinutes(2);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir private Path directory;
    private long now = 1_000_000_000_000L;
    private Promises promises = new Promises(Path.of("nowhere"), () -> now, "boot-1");

    @BeforeEach
    void anElectorOfTheFirstTerm() {
        promises = started("boot-1");
        assertThat(promises.vow(new VouchFor(ELECTOR, INSTANCE, 1, PRIMARY, HOST, TTL))).isEmpty();
        assertThat(vouches()).isTrue();
    }

    /** Also again, by the agent after that one. */
    private Promises started(String boot) {
        return new Promises(directory.resolve("promises"), () -> now, boot);
    }

    private boolean vouches() {
        return asked(false);
    }

    private boolean asked(boolean rehearsal) {
        var request = new VoucherRequest(INSTANCE, ELECTOR, 1, PRIMARY, TTL, rehearsal);
        return promises.vouch(request, HOST).given();
    }

    private void prepare(long term, Duration lasting) {
        promises.prepare(new Prepare(ELECTOR, INSTANCE, term, lasting));
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    /** S4: nobody has to wait for the end of one that was never out. */
    @Test
    void aRehearsedVoucherIsNotOut() {
        pass(Duration.ofMillis(TTL));

        assertThat(asked(true)).isTrue();

        assertThat(promises.vouchersOut()).isZero();
    }

    @Test
    void whoIsPreparedNoLongerVouchesAndSaysHowLongTheLastVoucherMayBeUsed() {
        pass(Duration.ofSeconds(1));

        prepare(2, SHORT);

        assertThat(vouches()).isFalse();
        assertThat(promises.vouchersOut()).isEqualTo(Duration.ofSeconds(2));
        promises = started("boot-1");
        assertThat(vouches()).as("durably").isFalse();
        assertThat(promises.vouchersOut())
                .as("the agent before may have vouched in its last moment")
                .isEqualTo(Duration.ofMillis(TTL));
    }

    /** One step: there is no moment in which it could be promoted and vouch. */
    @Test
    void whoVouchesAgainIsNeverPromotedToThatTermAndWhoIsPromotedNeverVouchesAgain() {
        prepare(2, SHORT);
        pass(SHORT);

        assertThat(promises.promote(2)).as("its time is over").isPresent();
        assertThat(vouches()).isTrue();

        prepare(3, SHORT);
        assertThat(promises.promote(3)).isEmpty();
        assertThat(vouches()).as("it is the primary").isFalse();
        pass(SHORT.plus(SHORT));
        promises = started("boot-1");
        assertThat(vouches()).as("durably, and for good").isFalse();
    }

    /** The prepare had run out while its Postgres came up, and it was promoted all the same. */
    @Test
    void whatWasGoodWhenTheOrderCameIsLookedAtAgainWhenItIsObeyed() {
        prepare(2, SHORT);
        assertThat(promises.objectionToPromotion(2)).isEmpty();
        pass(SHORT);

        assertThat(promises.promote(2)).isPresent();
    }

    /** While somebody thinks about it; an older order to prepare must not cut that short. */
    @Test
    void whoIsToldAgainWaitsForLongerAndNeverForLess() {
        prepare(2, SHORT);
        prepare(2, DAY);
        prepare(2, SHORT);
        pass(DAY.minusMinutes(1));

        assertThat(promises.preparedFor()).contains(2L);
        assertThat(vouches()).isFalse();
        assertThat(promises.promote(2)).isEmpty();
    }

    @Test
    void whoseTimeIsOverIsNotPreparedForThatTermAgain() {
        prepare(2, SHORT);
        pass(SHORT);
        assertThat(vouches()).isTrue();

        assertThatThrownBy(() -> prepare(2, SHORT)).hasMessageContaining("is over");
        assertThatThrownBy(() -> prepare(1, SHORT)).hasMessageContaining("is over");
        prepare(3, SHORT);
        assertThat(vouches()).isFalse();
    }

    @Test
    void aMachineThatHasStartedAnewHasMissedItsTime() {
        prepare(2, DAY);

        promises = started("boot-2");

        assertThat(promises.promote(2)).isPresent();
        assertThat(vouches()).isTrue();
    }
}
