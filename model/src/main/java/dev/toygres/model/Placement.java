package dev.toygres.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a member goes: pure, so that every case can be enumerated. */
public final class Placement {

    /**
     * A host that could take a member.
     *
     * @param committedMegabytes memory that the sizes of its members add up to
     */
    public record Candidate(
            HostId id,
            String region,
            String availabilityZone,
            boolean reachable,
            List<Integer> postgresMajors,
            long memoryMegabytes,
            long committedMegabytes,
            long diskFreeBytes) {
        public Candidate {
            postgresMajors = List.copyOf(postgresMajors);
        }

        long freeMegabytes() {
            return memoryMegabytes - committedMegabytes;
        }
    }

    /** What the member needs. */
    public record Need(
            Optional<String> region,
            Optional<String> availabilityZone,
            int postgresMajor,
            Size size) {}

    /** Either a host, or why there is none, with what there is. */
    public sealed interface Choice {
        record On(HostId host) implements Choice {}

        record Nowhere(String reason) implements Choice {}
    }

    /** A fresh data directory and its first WAL need about this much. */
    static final long LEAST_DISK_BYTES = 256L * 1024 * 1024;

    private Placement() {}

    /** The host that fits and has most memory left; of equals the first by name. */
    public static Choice choose(List<Candidate> hosts, Need need) {
        return hosts.stream()
                .filter(host -> fits(host, need))
                .min(
                        Comparator.comparingLong((Candidate host) -> -host.freeMegabytes())
                                .thenComparing(host -> host.id().value()))
                .<Choice>map(host -> new Choice.On(host.id()))
                .orElseGet(() -> new Choice.Nowhere(whyNot(hosts, need)));
    }

    /** Apart from those hosts where that is possible: what dies with one host should not be all. */
    public static Choice chooseApartFrom(Set<HostId> taken, List<Candidate> hosts, Need need) {
        List<Candidate> others = hosts.stream().filter(host -> !taken.contains(host.id())).toList();
        return choose(others, need) instanceof Choice.On on ? on : choose(hosts, need);
    }

    private static boolean fits(Candidate host, Need need) {
        return fault(host, need).isEmpty();
    }

    private static Optional<String> fault(Candidate host, Need need) {
        if (need.region().filter(region -> !region.equals(host.region())).isPresent()) {
            return Optional.of("is in region " + host.region());
        }
        if (need.availabilityZone()
                .filter(zone -> !zone.equals(host.availabilityZone()))
                .isPresent()) {
            return Optional.of("is in zone " + host.availabilityZone());
        }
        if (!host.reachable()) {
            return Optional.of("is not reachable");
        }
        if (!host.postgresMajors().contains(need.postgresMajor())) {
            return Optional.of("has Postgres " + host.postgresMajors());
        }
        if (host.diskFreeBytes() < LEAST_DISK_BYTES) {
            return Optional.of(
                    "has only " + host.diskFreeBytes() / 1024 / 1024 + " MB of disk left");
        }
        if (host.freeMegabytes() < need.size().memoryMegabytes()) {
            return Optional.of(
                    "has %d MB of memory left, %s needs %d"
                            .formatted(
                                    Math.max(0, host.freeMegabytes()),
                                    need.size(),
                                    need.size().memoryMegabytes()));
        }
        return Optional.empty();
    }

    private static String whyNot(List<Candidate> hosts, Need need) {
        if (hosts.isEmpty()) {
            return "no host has joined yet";
        }
        return hosts.stream()
                .map(host -> host.id() + " " + fault(host, need).orElse("fits"))
                .collect(Collectors.joining("; ", "no host fits: ", ""));
    }
}
