package dev.toygres.orchestrations.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.durable.Engine;
import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.testing.CrashHarness;
import dev.toygres.durable.testing.CrashHarness.Report;
import dev.toygres.durable.testing.Scene;
import dev.toygres.orchestrations.FakeAgent;
import dev.toygres.orchestrations.House;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Loses the server before and after every journal write of every flow of an instance. */
class InstanceCrashTest {
    private static final House HOUSE = new House("instance_crashes");

    @AfterAll
    static void close() {
        HOUSE.close();
    }

    @Test
    void aWholeLifeEndsTheSameWhereverTheServerIsLost() {
        Report report =
                new CrashHarness(
                                () ->
                                        new Play(
                                                List.of(
                                                        () -> HOUSE.desk.create(House.wish("pg")),
                                                        () -> HOUSE.desk.stop("pg"),
                                                        () -> HOUSE.desk.start("pg"),
                                                        () -> HOUSE.desk.restart("pg"),
                                                        () -> HOUSE.desk.delete("pg"))))
                        .run();

        assertThat(report.writes()).hasSizeGreaterThan(25);
        assertThat(report.crashes()).hasSizeGreaterThanOrEqualTo(2 * report.writes().size() - 5);
    }

    @Test
    void aCreationIsUndoneTheSameWhereverTheServerIsLost() {
        new CrashHarness(
                        () ->
                                new Play(List.of(() -> HOUSE.desk.create(House.wish("pg"))))
                                        .at(agent -> agent.reachable(false))
                                        .whileWaiting(
                                                operation -> {
                                                    HOUSE.operations.cancel(operation);
                                                    HOUSE.agent.reachable(true);
                                                }))
                .run();
    }

    @Test
    void aFailedCreationKeepsItsEvidenceWhereverTheServerIsLost() {
        new CrashHarness(
                        () ->
                                new Play(
                                                List.of(
                                                        () -> HOUSE.desk.create(House.wish("pg")),
                                                        () -> HOUSE.desk.delete("pg")))
                                        .at(InstanceCrashTest::tenTroubles))
                .run();
    }

    private static void tenTroubles(FakeAgent agent) {
        agent.creationFails("no room on the device");
    }

    /** Operations one after the other; time passes where everything waits. */
    private static final class Play implements Scene {
        private final Deque<Supplier<String>> toCome = new ArrayDeque<>();
        private final List<String> begun = new ArrayList<>();
        private Consumer<String> whileWaiting = _ -> {};

        Play(List<Supplier<String>> operations) {
            HOUSE.clear();
            toCome.addAll(operations);
        }

        Play at(Consumer<FakeAgent> trouble) {
            trouble.accept(HOUSE.agent);
            return this;
        }

        Play whileWaiting(Consumer<String> action) {
            whileWaiting = action;
            return this;
        }

        @Override
        public Engine.Builder engine() {
            return HOUSE.builder();
        }

        @Override
        public void begin() {
            begun.add(toCome.removeFirst().get());
        }

        @Override
        public boolean next() {
            Operation now = HOUSE.operation(begun.getLast());
            if (!now.state().isFinal()) {
                whileWaiting.accept(now.id());
                HOUSE.clock.advance(Duration.ofSeconds(1));
                return true;
            }
            if (toCome.isEmpty()) {
                return false;
            }
            begin();
            return true;
        }

        @Override
        public Object outcome() {
            List<OperationState> states =
                    begun.stream().map(id -> HOUSE.operation(id).state()).toList();
            return List.of(
                    states,
                    HOUSE.desk.list(10, java.util.Optional.empty()).stream()
                            .map(view -> view.id() + view.state() + view.failure())
                            .toList(),
                    HOUSE.agent.members(),
                    HOUSE.agent.endpoints(),
                    HOUSE.catalogue
                            .jdbi()
                            .withHandle(
                                    handle ->
                                            handle.createQuery("select name from catalogue.secret")
                                                    .mapTo(String.class)
                                                    .set()));
        }

        @Override
        public Map<String, Integer> effects() {
            return HOUSE.agent.effects().stream()
                    .collect(
                            Collectors.toMap(effect -> effect, _ -> 1, Integer::sum, TreeMap::new));
        }

        @Override
        public void close() {
            // The house is shared; the next play clears it.
        }
    }
}
