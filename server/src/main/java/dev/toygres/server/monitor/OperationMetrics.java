package dev.toygres.server.monitor;

import dev.toygres.durable.EngineListener;
import dev.toygres.durable.Operation;
import dev.toygres.durable.OperationState;
import dev.toygres.durable.Operations;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** How long operations took, and which steps are late: counted by the engine they ended on. */
public final class OperationMetrics implements EngineListener {
    private final Operations operations;
    private final MeterRegistry registry;

    public OperationMetrics(Operations operations, MeterRegistry registry) {
        this.operations = operations;
        this.registry = registry;
    }

    @Override
    public void operationEnded(String id, String type, OperationState state) {
        operations.find(id).ifPresent(this::time);
    }

    private void time(Operation operation) {
        operation
                .completedAt()
                .ifPresent(
                        end ->
                                registry.timer(
                                                "toygres.operation.duration",
                                                "type",
                                                operation.type(),
                                                "outcome",
                                                operation.state().name())
                                        .record(Duration.between(operation.createdAt(), end)));
    }

    @Override
    public void stepOverdue(OverdueStep step) {
        registry.counter("toygres.steps.overdue", "type", step.type()).increment();
    }
}
