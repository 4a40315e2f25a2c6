package dev.toygres.durable;

import dev.toygres.durable.testing.Effects;
import dev.toygres.durable.testing.Scene;
import dev.toygres.testkit.TickedClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** A scene whose flow has every construct in it; forward to its end, or cancelled and undone. */
final class Everything implements Scene {
    static final FlowType<Plan, Outcome> TYPE =
            new FlowType<>("everything", Plan.class, Outcome.class);
    private static final FlowType<String, String> CHILD =
            new FlowType<>("child", String.class, String.class);
    private static final FlowType<String, String> LONER =
            new FlowType<>("loner", String.class, String.class);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final StepOptions TWICE =
            StepOptions.DEFAULT.attempts(2).backoff(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final DataSource source;
    private final String id;
    private final boolean cancelled;
    private final TickedClock clock = new TickedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final CatalogueOperations operations;
    private final Effects effects = new Effects();

    Everything(DataSource source, String id, boolean cancelled) {
        this.source = source;
        this.id = id;
        this.cancelled = cancelled;
        this.operations = new CatalogueOperations(source, clock);
    }

    record Plan(int round, boolean cancelled) {}

    record Outcome(String event, String timeout, String child, List<String> branches) {}

    record Ask(String what) {}

    @Override
    public Engine.Builder engine() {
        Flows flows =
                Flows.none()
                        .with(TYPE, this::everything)
                        .with(CHILD, this::child)
                        .with(LONER, this::loner);
        return Engine.on(source, flows).clock(clock).options(Stage.OPTIONS);
    }

    private Outcome everything(Context flow, Plan plan) {
        if (plan.round() == 0) {
            step(flow, "of the first generation");
            throw flow.continueAsNew(new Plan(1, plan.cancelled()));
        }
        flow.now("begun");
        flow.onUndo("plain", TWICE, _ -> effects.happened("undo plain"));
        step(flow, "plain");
        flaky(flow);
        flow.transact("book", connection -> book(connection, "booked"));
        flow.onUndo("book", this::undoBadly);
        flow.progress(0.5, "half way");
        flow.sleep("nap", HOUR);
        String event = await(flow, "answer", "go");
        String timeout = await(flow, "silence", "never");
        String child = flow.child("kid", CHILD, "little");
        flow.startDetached("loner", LONER, "far");
        List<String> branches = flow.parallel("both", List.of(branch("a"), branch("b")));
        String answer = flow.decision("sure", new Ask("sure?"), String.class);
        flow.pointOfNoReturn("sealed");
        flow.transact("sign", connection -> book(connection, "signed " + answer));
        step(flow, "last");
        return new Outcome(event, timeout, child, branches);
    }

    private void step(Context flow, String name) {
        flow.step(name, Stage.ONCE, _ -> effects.happened(name));
    }

    private void flaky(Context flow) {
        flow.step(
                "flaky",
                TWICE,
                attempt -> {
                    effects.happened("flaky " + attempt.number());
                    if (attempt.number() == 1) {
                        throw new IllegalStateException("try again");
                    }
                });
    }

    /** Fails for good the first time round, so that somebody has to decide. */
    private void undoBadly(Context undo) {
        undo.sleep("take a breath", HOUR);
        undo.step(
                "try",
                TWICE,
                attempt -> {
                    effects.happened("undo book");
                    if (!attempt.jobKey().contains("#2")) {
                        throw new IllegalStateException("stuck");
                    }
                });
        undo.transact(
                "unbook",
                connection -> execute(connection, "delete from booking where operation = ?", id));
    }

    private static String await(Context flow, String name, String event) {
        return flow.awaitEvent(name, event, String.class, HOUR).orElse("timeout");
    }

    private Branch<String> branch(String name) {
        return new Branch<>(
                name,
                flow -> {
                    step(flow, name);
                    flow.sleep("nap", name.equals("a") ? HOUR : HOUR.multipliedBy(2));
                    flow.transact("book", connection -> book(connection, "branch " + name));
                    return name;
                });
    }

    private String child(Context flow, String input) {
        flow.onUndo("child", TWICE, _ -> effects.happened("undo child"));
        flow.step("child", Stage.ONCE, _ -> effects.happened("child"));
        flow.sleep("nap", cancelled ? HOUR.multipliedBy(1000) : HOUR);
        return input + " grown";
    }

    private String loner(Context flow, String input) {
        flow.transact("book", connection -> book(connection, "loner"));
        return input;
    }

    private void book(Connection connection, String what) throws SQLException {
        execute(connection, "insert into booking values (?, ?)", id, what);
    }

    private static void execute(Connection connection, String sql, String... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    @Override
    public void begin() {
        try (Connection connection = source.getConnection()) {
            operations.start(
                    connection,
                    new StartRequest<>(
                            id,
                            TYPE,
                            new Plan(0, cancelled),
                            Optional.of("me"),
                            Optional.of("lane " + id)));
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    @Override
    public boolean next() {
        Operation operation = operations.find(id).orElseThrow();
        if (operation.state().isFinal() && isLonerOver()) {
            return false;
        }
        if (operation.state() == OperationState.NeedsDecision) {
            operations.decide(id, cancelled ? Map.of("action", "retry") : "yes");
        } else if (count("durable.event", "operation_id = ? and kind = 'go'") == 0) {
            operations.signal(id, "go", "gone");
        } else if (cancelled && isChildAtWork()) {
            operations.cancel(id);
        }
        clock.advance(HOUR);
        return true;
    }

    private boolean isLonerOver() {
        return count("durable.operation", "parent_id = ? and completed_at is null") == 0;
    }

    private boolean isChildAtWork() {
        return count("durable.operation", "parent_id = ? and state = 'Waiting'") > 0;
    }

    private int count(String table, String condition) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select count(*) from " + table + " where " + condition)) {
            statement.setString(1, id);
            ResultSet rows = statement.executeQuery();
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    /** What is left behind: the states, the result, and the bookings, each exactly once. */
    @Override
    public Object outcome() {
        Operation operation = operations.find(id).orElseThrow();
        var left = new ArrayList<Object>(List.of(operation.state(), operation.result()));
        left.add(operation.progress());
        left.add(bookings());
        left.add(count("durable.operation", "parent_id = ? and state = 'Succeeded'"));
        left.add(count("durable.operation", "parent_id = ? and state = 'Cancelled'"));
        left.add(count("durable.event", "operation_id = ? and consumed_by is null"));
        left.add(
                operations.steps(id).stream()
                        .filter(step -> step.generation() > 0)
                        .map(step -> step.path() + " " + step.state())
                        .sorted()
                        .toList());
        return left;
    }

    private List<String> bookings() {
        var all = new ArrayList<String>();
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement(
                                "select what from booking where operation = ? order by what")) {
            statement.setString(1, id);
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        } catch (SQLException e) {
            throw new CatalogueFault(e);
        }
    }

    @Override
    public Map<String, Integer> effects() {
        return effects.counts();
    }

    @Override
    public void close() {}
}
