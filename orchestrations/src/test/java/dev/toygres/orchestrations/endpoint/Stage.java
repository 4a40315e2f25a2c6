package dev.toygres.orchestrations.endpoint;

import dev.toygres.durable.OperationState;
import dev.toygres.orchestrations.FakeAgent;
import dev.toygres.orchestrations.House;
import dev.toygres.orchestrations.replica.NewReplica;
import dev.toygres.store.InstanceStore;
import java.time.Duration;
import java.util.Optional;

/** An instance whose addresses are on host-1, and whose primary has moved to host-2. */
final class Stage {
    private final House house;
    final FakeAgent second;
    final FakeAgent third;

    Stage(House house) {
        this.house = house;
        house.clock.advance(Duration.ofHours(2));
        house.watch.look();
        house.create("pg");
        second = house.joinAnother("host-2", "127.0.0.2");
        third = house.joinAnother("host-3", "127.0.0.3");
        add("pg-r1", "host-2");
        add("pg-r2", "host-3");
        house.watch.look();
        finish(house.failovers.start("pg", House.to("pg-r1")));
        house.watch.look();
    }

    /** The zones of the hosts are made so that there is no choice. */
    private void add(String replica, String host) {
        NewReplica wish =
                new NewReplica(
                        replica,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(House.zone(host)),
                        Optional.of("Async"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        finish(house.replicas.add("pg", wish));
    }

    private void finish(String operation) {
        OperationState state = house.finish(operation);
        if (state != OperationState.Succeeded) {
            throw new AssertionError(house.operation(operation));
        }
    }

    String addressesAt() {
        return house.catalogue
                .jdbi()
                .withHandle(handle -> InstanceStore.find(handle, "pg"))
                .orElseThrow()
                .endpoint()
                .orElseThrow()
                .hostId();
    }

    /** The host that serves the addresses dies; what else that makes due is done. */
    void lose() {
        house.agent.reachable(false);
        house.watch.look();
        house.desk.get("pg").operation().ifPresent(house::finish);
    }

    /** Looks until whoever only starts again would be back; what else is due is done meanwhile. */
    void lookForAWhile() {
        for (int look = 0; look < 3 && !isMoving(); look++) {
            house.watch.look();
            if (!isMoving()) {
                house.desk.get("pg").operation().ifPresent(house::finish);
                house.clock.advance(Duration.ofSeconds(4));
            }
        }
    }

    private boolean isMoving() {
        return house.desk
                .get("pg")
                .operation()
                .filter(id -> house.operation(id).type().equals("MoveEndpoint"))
                .isPresent();
    }
}
