package dev.toygres.server.operation;

import dev.toygres.api.Operation;
import dev.toygres.durable.Operations;
import dev.toygres.server.edge.Footprint;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.springframework.http.ResponseEntity;

/** 202 with the operation and where to watch it. */
public final class AcceptedOperation {
    private final Operations operations;
    private final OperationJson json;

    public AcceptedOperation(Operations operations, OperationJson json) {
        this.operations = operations;
        this.json = json;
    }

    public ResponseEntity<Operation> of(HttpServletRequest request, String operationId) {
        Footprint footprint = Footprint.of(request);
        footprint.operation(operationId);
        dev.toygres.durable.Operation operation =
                operations
                        .find(operationId)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "operation " + operationId + " was just recorded"));
        operation.subject().ifPresent(footprint::instance);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/operations/" + operationId))
                .body(json.shown(operation));
    }
}
