package dev.toygres.server.fakes;

import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StartRequest;
import dev.toygres.durable.StepRecord;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Operations in memory, moved by the test. */
public final class FakeOperations implements Operations {
    private final Map<String, Operation> operations = new ConcurrentHashMap<>();
    private final Map<String, List<StepRecord>> steps = new ConcurrentHashMap<>();
    private final ConcurrentLinkedDeque<String> order = new ConcurrentLinkedDeque<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Outage outage;
    public final AtomicInteger looks = new AtomicInteger();
    public final ConcurrentLinkedDeque<Object> decisions = new ConcurrentLinkedDeque<>();

    public FakeOperations(Outage outage) {
        this.outage = outage;
    }

    public String begin(String type, String subject) {
        String id = "op-%04d".formatted(numbers.incrementAndGet());
        put(id, type, subject, OperationState.Pending, 1);
        order.addFirst(id);
        return id;
    }

    public void move(String id, OperationState state, StepRecord... history) {
        Operation now = there(id);
        steps.put(id, List.of(history));
        put(id, now.type(), now.subject().orElse(""), state, now.revision() + 1);
    }

    private void put(String id, String type, String subject, OperationState state, long revision) {
        Instant now = Instant.parse("2026-11-01T10:00:00Z");
        operations.put(
                id,
                new Operation(
                        id,
                        type,
                        Optional.of(subject),
                        state,
                        now,
                        Optional.of(now),
                        state.isFinal() ? Optional.of(now.plusSeconds(1)) : Optional.empty(),
                        state == OperationState.Succeeded ? 1 : 0.5,
                        Optional.of("initdb"),
                        Optional.of("making the data directory"),
                        state == OperationState.Failed
                                ? Optional.of("{\"message\":\"disk full\"}")
                                : Optional.empty(),
                        state == OperationState.Succeeded
                                ? Optional.of("{\"instanceId\":\"" + subject + "\"}")
                                : Optional.empty(),
                        state == OperationState.NeedsDecision
                                ? Optional.of("{\"candidates\":[]}")
                                : Optional.empty(),
                        Optional.empty(),
                        false,
                        !state.isFinal(),
                        revision));
    }

    @Override
    public <I> void start(Connection connection, StartRequest<I> request) {
        throw new UnsupportedOperationException("the server starts nothing by itself");
    }

    @Override
    public Optional<Operation> find(String id) {
        outage.check();
        looks.incrementAndGet();
        return Optional.ofNullable(operations.get(id));
    }

    @Override
    public List<Operation> list(
            Optional<String> subject,
            Optional<String> type,
            Optional<OperationState> state,
            int limit,
            Optional<String> before) {
        outage.check();
        return order.stream()
                .map(operations::get)
                .filter(operation -> subject.isEmpty() || operation.subject().equals(subject))
                .filter(operation -> type.isEmpty() || operation.type().equals(type.get()))
                .filter(operation -> state.isEmpty() || operation.state() == state.get())
                .filter(operation -> before.isEmpty() || operation.id().compareTo(before.get()) < 0)
                .limit(limit)
                .toList();
    }

    @Override
    public List<StepRecord> steps(String id) {
        return steps.getOrDefault(id, List.of());
    }

    @Override
    public void signal(String id, String event, Object payload) {
        throw new UnsupportedOperationException("the server signals nothing");
    }

    @Override
    public boolean cancel(String id) {
        return unfinished(id);
    }

    @Override
    public boolean retry(String id) {
        return there(id).state() == OperationState.Failed;
    }

    @Override
    public boolean decide(String id, Object decision) {
        decisions.add(decision);
        return there(id).state() == OperationState.NeedsDecision;
    }

    @Override
    public Optional<String> holder(String lane) {
        return Optional.empty();
    }

    private boolean unfinished(String id) {
        return !there(id).state().isFinal();
    }

    private Operation there(String id) {
        return find(id).orElseThrow();
    }

    @Override
    public boolean takeLane(java.sql.Connection connection, String id, String lane) {
        return true;
    }
}
