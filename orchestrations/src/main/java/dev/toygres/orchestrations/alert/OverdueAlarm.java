package dev.toygres.orchestrations.alert;

import dev.toygres.durable.EngineListener;
import dev.toygres.durable.OperationState;
import dev.toygres.model.Alert;
import dev.toygres.model.AlertKind;
import dev.toygres.model.AlertSeverity;
import dev.toygres.store.Catalogue;
import java.util.Map;
import java.util.Optional;

/** Raises an alert for a step past its deadline; the watch resolves it when the operation ends. */
public record OverdueAlarm(Catalogue catalogue, EngineListener next) implements EngineListener {

    @Override
    public void stepOverdue(OverdueStep step) {
        next.stepOverdue(step);
        Alert alert =
                new Alert(
                        AlertKind.StepOverdue + "/" + step.operationId() + "/" + step.path(),
                        Optional.empty(),
                        AlertSeverity.Warning,
                        AlertKind.StepOverdue,
                        "Step %s of operation %s (%s) should have ended at %s: toygres operation show %s."
                                .formatted(
                                        step.path(),
                                        step.operationId(),
                                        step.type(),
                                        step.deadline(),
                                        step.operationId()),
                        Map.of("operationId", step.operationId()));
        catalogue.jdbi().useTransaction(handle -> Alarms.raise(handle, alert));
    }

    @Override
    public void operationEnded(String id, String type, OperationState state) {
        next.operationEnded(id, type, state);
    }
}
