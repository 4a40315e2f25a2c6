package dev.toygres.orchestrations;

import dev.toygres.durable.Engine;
import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.testing.Scene;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Operations one after the other in a house; time passes where everything waits. */
public final class Play implements Scene {
    private final House house;
    private final Deque<Supplier<String>> toCome = new ArrayDeque<>();
    private final List<String> begun = new ArrayList<>();
    private Consumer<String> whileWaiting = _ -> {};
    private Runnable onceOver = () -> {};
    private UnaryOperator<String> seeing = UnaryOperator.identity();
    private Optional<String> lingering = Optional.empty();

    /** In a cleared house. */
    public Play(House house, List<Supplier<String>> operations) {
        this.house = house;
        house.clear();
        toCome.addAll(operations);
    }

    /** What is there when the play begins. */
    public Play after(Runnable preparation) {
        preparation.run();
        return this;
    }

    public Play whileWaiting(Consumer<String> action) {
        whileWaiting = action;
        return this;
    }

    /** Effects that may differ in what does not matter are seen so. */
    public Play seeing(UnaryOperator<String> eyes) {
        seeing = eyes;
        return this;
    }

    /** When the last operation is over. */
    public Play onceOver(Runnable action) {
        onceOver = action;
        return this;
    }

    /** Goes on until the last operation of this type, which nobody began by hand, is over, too. */
    public Play lingeringOn(String type) {
        lingering = Optional.of(type);
        return this;
    }

    @Override
    public Engine.Builder engine() {
        return house.builder();
    }

    @Override
    public void begin() {
        begun.add(toCome.removeFirst().get());
    }

    @Override
    public boolean next() {
        Operation now = house.operation(begun.getLast());
        if (!now.state().isFinal()) {
            whileWaiting.accept(now.id());
            house.clock.advance(Duration.ofSeconds(1));
            return true;
        }
        if (toCome.isEmpty()) {
            onceOver.run();
            house.clock.advance(Duration.ofSeconds(1));
            return lingering.map(this::isAtWork).orElse(false);
        }
        begin();
        return true;
    }

    private boolean isAtWork(String type) {
        return house
                .operations
                .list(Optional.empty(), Optional.of(type), Optional.empty(), 100, Optional.empty())
                .stream()
                .anyMatch(one -> !one.state().isFinal());
    }

    @Override
    public Object outcome() {
        List<OperationState> states =
                begun.stream().map(id -> house.operation(id).state()).toList();
        return List.of(
                states,
                house.desk.list(10, Optional.empty()).stream()
                        .map(
                                one ->
                                        List.of(
                                                one.id(),
                                                one.state(),
                                                one.failure(),
                                                one.term(),
                                                one.primary(),
                                                one.replicas()))
                        .toList(),
                house.agent.members(),
                house.agent.endpoints(),
                house.agent.mostWritable(),
                house.others().values().stream()
                        .map(one -> List.of(one.members(), one.endpoints()))
                        .toList(),
                house.catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        handle.createQuery(
                                                        "select kind || ' ' || state from"
                                                                + " catalogue.backup order by id")
                                                .mapTo(String.class)
                                                .list()),
                house.catalogue
                        .jdbi()
                        .withHandle(
                                handle ->
                                        handle.createQuery("select name from catalogue.secret")
                                                .mapTo(String.class)
                                                .set()));
    }

    @Override
    public Map<String, Integer> effects() {
        return house.agent.effects().stream()
                .map(seeing)
                .collect(Collectors.toMap(effect -> effect, _ -> 1, Integer::sum, TreeMap::new));
    }

    @Override
    public void close() {
        // The house is shared; the next play clears it.
    }
}
