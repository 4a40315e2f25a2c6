package dev.toygres.orchestrations.failover;

import dev.toygres.durable.Operation;
import dev.toygres.orchestrations.House;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.MemberStore;
import dev.toygres.testkit.Eventually;
import java.time.Duration;
import java.util.Optional;

/** An instance whose members are on hosts of their own, and its lease, which lasts a second. */
record ThreeHosts(House house) {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LOST = Duration.ofMillis(2_100);

    /** In a cleared house; both replicas are electors. */
    void prepare(String modeOfOne, String modeOfOther) {
        house.joinHost("host-2");
        house.joinHost("host-3");
        house.clock.advance(Duration.ofHours(2));
        house.watch.look();
        house.create("pg");
        house.finish(house.replicas.add("pg", House.replica("pg-r1", modeOfOne)));
        house.finish(house.replicas.add("pg", House.replica("pg-r2", modeOfOther)));
        house.leaseTtl("pg", Duration.ofSeconds(1));
        Eventually.until(
                SOON,
                "both are electors of a lease of a second, and nobody is at work",
                () -> {
                    look();
                    house.tick();
                    return isArmed() && house.desk.get("pg").operation().isEmpty();
                });
    }

    private boolean isArmed() {
        var voting =
                house.catalogue
                        .jdbi()
                        .withHandle(handle -> InstanceStore.find(handle, "pg"))
                        .orElseThrow()
                        .voting();
        return voting.electorate().size() == 2 && voting.ttlMs() == 1_000;
    }

    void look() {
        house.watch.look();
        house.watchHealth();
    }

    /** Its host does not answer any more. */
    void lose(String member) {
        house.away(hostOf(member), true);
    }

    /** For longer than a lost packet takes: from then on nobody waits for it. */
    void loseForGood(String member) {
        lose(member);
        house.watch.look();
        long since = System.nanoTime();
        Eventually.until(
                SOON,
                "it has been silent for a while",
                () -> System.nanoTime() - since > LOST.toNanos());
    }

    void back(String member) {
        house.away(hostOf(member), false);
    }

    private String hostOf(String member) {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> MemberStore.find(handle, member))
                .orElseThrow()
                .hostId();
    }

    /** The newest of that type. */
    Optional<Operation> last(String type) {
        return house
                .operations
                .list(Optional.of("pg"), Optional.of(type), Optional.empty(), 1, Optional.empty())
                .stream()
                .findFirst();
    }

    /** Until one of that type has begun; answers it. */
    String begun(String type) {
        Eventually.until(
                SOON,
                type + " has begun",
                () -> {
                    look();
                    return last(type).isPresent();
                });
        return last(type).orElseThrow().id();
    }
}
