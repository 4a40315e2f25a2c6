package dev.toygres.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.agentapi.JobStatus;
import dev.toygres.agentapi.Order;
import dev.toygres.model.MemberId;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.model.parameter.Profile;
import dev.toygres.model.parameter.ProfileChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every profile starts on every size, as a change to it would be tried (R5.42-R5.46, R6.5). */
@Tag("scenario")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProfilesTest {
    private static final int CORES = 4;
    private static final long DISK_MEGABYTES = 100_000;

    private final Workshop shop = new Workshop();

    @BeforeAll
    void aMember() {
        shop.create("app-p");
    }

    @AfterAll
    void leaveNothingBehind() {
        shop.close();
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "Custom", mode = EnumSource.Mode.EXCLUDE)
    void startsOnEverySize(Profile profile) {
        for (Size size : sizes()) {
            assertThat(tried(settings(profile, size)))
                    .as("%s on %s", profile, size)
                    .extracting(JobStatus::state, JobStatus::error)
                    .containsExactly(JobStatus.State.Succeeded, Optional.empty());
        }
    }

    /** A quarter of a member's memory is shared memory, and the kernel wants to have that. */
    private List<Size> sizes() {
        long megabytes = shop.agent().status().memoryBytes() >> 20;
        return Stream.of(Size.values())
                .filter(size -> size.memoryMegabytes() / 4 < megabytes)
                .toList();
    }

    private JobStatus tried(Map<String, String> settings) {
        return shop.order(new Order.TrySettings(new MemberId("app-p"), 1, settings, List.of()));
    }

    private static Map<String, String> settings(Profile profile, Size size) {
        var choice = new ProfileChoice(profile, Optional.empty(), CORES, DISK_MEGABYTES);
        return MemberSettings.of(size, size, new ParameterSet(Optional.of(choice), Map.of()));
    }
}
