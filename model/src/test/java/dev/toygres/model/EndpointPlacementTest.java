package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.EndpointPlacement.Candidate;
import dev.toygres.model.EndpointPlacement.Standing;
import dev.toygres.model.Placement.Choice;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S13: who serves the addresses of an instance in place of a host that died. */
final class EndpointPlacementTest {
    private static final String ADDRESS = "10.0.0.7";

    private static Candidate host(String id, Standing standing) {
        return new Candidate(new HostId(id), true, true, false, standing);
    }

    private static Choice choose(Candidate... others) {
        return EndpointPlacement.choose(ADDRESS, List.of(others));
    }

    @Test
    void thePrimarysHostIsPreferredThenAReplicasThenTheFirstByName() {
        assertThat(choose(host("a", Standing.None), host("b", Standing.Replica)))
                .isEqualTo(new Choice.On(new HostId("b")));
        assertThat(choose(host("b", Standing.Replica), host("c", Standing.Primary)))
                .isEqualTo(new Choice.On(new HostId("c")));
        assertThat(choose(host("b", Standing.None), host("a", Standing.None)))
                .isEqualTo(new Choice.On(new HostId("a")));
    }

    @Test
    void whoCannotServeThemIsNamedWithTheReason() {
        assertThat(
                        choose(
                                new Candidate(
                                        new HostId("a"), true, false, false, Standing.Primary),
                                new Candidate(new HostId("b"), false, true, false, Standing.None),
                                new Candidate(new HostId("c"), true, true, true, Standing.Replica)))
                .isEqualTo(
                        new Choice.Nowhere(
                                "no other host can serve them: a may not serve 10.0.0.7; b is not"
                                        + " reachable; c has not closed a former endpoint of it yet"));
        assertThat(choose()).isEqualTo(new Choice.Nowhere("there is no other host"));
    }
}
