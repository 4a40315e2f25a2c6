package dev.toygres.server.operation;

import dev.toygres.api.OperationState;
import dev.toygres.api.OperationStep;
import dev.toygres.durable.Operation;
import dev.toygres.durable.StepRecord;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Operations and steps as the contract shows them. */
public final class OperationJson {
    private final JsonMapper json;

    public OperationJson(JsonMapper json) {
        this.json = json;
    }

    public dev.toygres.api.Operation shown(Operation operation) {
        return new dev.toygres.api.Operation(
                operation.id(),
                operation.type(),
                operation.subject(),
                shown(operation.state()),
                operation.createdAt(),
                operation.startedAt(),
                operation.completedAt(),
                operation.progress(),
                operation.currentStep(),
                operation.words(),
                operation.error().map(this::words),
                fields(operation.result()),
                fields(operation.question()),
                operation.cancellable());
    }

    static OperationStep shown(StepRecord step) {
        return new OperationStep(
                step.path(),
                step.kind(),
                step.state(),
                step.attempt(),
                step.startedAt(),
                step.endedAt(),
                step.progress(),
                step.words(),
                step.error());
    }

    private static OperationState shown(dev.toygres.durable.OperationState state) {
        return switch (state) {
            case Pending -> OperationState.Pending;
            case Running -> OperationState.Running;
            case Waiting -> OperationState.Waiting;
            case NeedsDecision -> OperationState.NeedsDecision;
            case Succeeded -> OperationState.Succeeded;
            case Failed -> OperationState.Failed;
            case Cancelled -> OperationState.Cancelled;
        };
    }

    public String text(Object value) {
        return json.writeValueAsString(value);
    }

    /** An object as it is; anything else under the name value; nothing as no fields. */
    @SuppressWarnings("unchecked")
    private Map<String, Object> fields(Optional<String> text) {
        JsonNode node = text.map(json::readTree).orElseGet(json::nullNode);
        if (node.isObject()) {
            return json.convertValue(node, Map.class);
        }
        return node.isNull() ? Map.of() : Map.of("value", json.treeToValue(node, Object.class));
    }

    /** The message inside an error, or the error itself where it is plain words. */
    private String words(String error) {
        try {
            JsonNode node = json.readTree(error);
            if (node.isString()) {
                return node.asString();
            }
            return node.path("message").isString() ? node.path("message").asString() : error;
        } catch (JacksonException e) {
            return error;
        }
    }
}
