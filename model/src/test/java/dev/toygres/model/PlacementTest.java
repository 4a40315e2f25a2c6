package dev.toygres.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.model.Placement.Candidate;
import dev.toygres.model.Placement.Choice;
import dev.toygres.model.Placement.Need;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final long GIGABYTE = 1L << 30;
    private static final Need SMALL = need(Optional.empty(), Optional.empty(), Size.small);

    @Test
    void takesTheHostWithMostMemoryLeft() {
        assertThat(Placement.choose(List.of(host("a", 4096), host("b", 8192)), SMALL))
                .isEqualTo(on("b"));
    }

    @Test
    void amongEqualsTakesTheFirstByName() {
        assertThat(Placement.choose(List.of(host("b", 4096), host("a", 4096)), SMALL))
                .isEqualTo(on("a"));
    }

    @Test
    void keepsToTheRegionAndZoneThatAreWished() {
        List<Candidate> hosts = List.of(host("a", 4096), host("b", 8192));

        assertThat(
                        Placement.choose(
                                hosts,
                                need(Optional.of("local"), Optional.of("zone-a"), Size.small)))
                .isEqualTo(on("a"));
        assertThat(Placement.choose(hosts, need(Optional.of("mars"), Optional.empty(), Size.small)))
                .isEqualTo(
                        new Choice.Nowhere(
                                "no host fits: a is in region local; b is in region local"));
    }

    @Test
    void sayOfEveryHostWhyItDoesNotFit() {
        Candidate gone = with(host("gone", 8192), false, List.of(15), 0, GIGABYTE);
        Candidate old = with(host("old", 8192), true, List.of(14), 0, GIGABYTE);
        Candidate full = with(host("full", 8192), true, List.of(15), 8000, GIGABYTE);
        Candidate packed = with(host("packed", 8192), true, List.of(15), 0, 1000);

        assertThat(Placement.choose(List.of(gone, old, full, packed), SMALL))
                .isEqualTo(
                        new Choice.Nowhere(
                                "no host fits: gone is not reachable; old has Postgres [14]; full has"
                                        + " 192 MB of memory left, small needs 1024; packed has only 0"
                                        + " MB of disk left"));
        assertThat(Placement.choose(List.of(), SMALL))
                .isEqualTo(new Choice.Nowhere("no host has joined yet"));
    }

    private static Choice on(String host) {
        return new Choice.On(new HostId(host));
    }

    private static Need need(Optional<String> region, Optional<String> zone, Size size) {
        return new Need(region, zone, 15, size);
    }

    private static Candidate host(String id, long megabytes) {
        return new Candidate(
                new HostId(id), "local", "zone-" + id, true, List.of(15), megabytes, 0, GIGABYTE);
    }

    private static Candidate with(
            Candidate host, boolean reachable, List<Integer> majors, long committed, long disk) {
        return new Candidate(
                host.id(),
                host.region(),
                host.availabilityZone(),
                reachable,
                majors,
                host.memoryMegabytes(),
                committed,
                disk);
    }
}
