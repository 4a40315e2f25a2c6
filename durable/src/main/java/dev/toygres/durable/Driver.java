package dev.toygres.durable;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drives one picked operation as far as it goes: to its end, or until it has to wait. */
final class Driver {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

    private final Run run;
    private final Endings endings;
    private final Flows.Registered<?, ?> flow;
    private final EngineListener listener;
    private final RunContext forward;
    private final RunContext backward;
    private boolean again;

    Driver(Run run, Flows.Registered<?, ?> flow, EngineListener listener) {
        this.run = run;
        this.endings = new Endings(run);
        this.flow = flow;
        this.listener = listener;
        this.forward = new RunContext(run, Claims.Scope.ROOT, false);
        this.backward = new RunContext(run, Claims.Scope.ROOT, true);
    }

    /** Answers whether the operation may be picked again at once. */
    boolean drive() {
        try {
            run.journal().load();
            advance();
        } catch (Control.Fenced e) {
            LOG.debug("{}", e.getMessage());
        } catch (CatalogueFault e) {
            LOG.error("operation {} cannot be journalled", run.id(), e);
        }
        return again;
    }

    private void advance() {
        try {
            forward(flow);
        } catch (Control.Parked e) {
            again = endings.park();
        } catch (Control.Restart e) {
            endings.restart(e.input());
            again = true;
        }
    }

    private <I, O> void forward(Flows.Registered<I, O> registered) {
        String result;
        try {
            result = result(registered);
        } catch (Control.Unwinding e) {
            unwind();
            return;
        } catch (Control e) {
            throw e;
        } catch (Throwable e) {
            // A flow is foreign code: whatever it threw is the operation's failure, not ours.
            run.journal().checkLost();
            fail(e);
            return;
        }
        succeed(result);
    }

    private <I, O> String result(Flows.Registered<I, O> registered) {
        Json json = run.ground().json();
        I input = json.read(run.picked().input(), registered.type().input());
        O output = registered.flow().run(forward, input);
        run.journal().checkLost();
        if (run.isParked()) {
            throw new Control.Parked(run.id());
        }
        if (run.undoing().isDecided()) {
            throw new Control.Unwinding(run.id());
        }
        return json.write("the result of " + registered.type().name(), output);
    }

    private void succeed(String result) {
        if (endings.succeed(result) == Endings.End.CancelFirst) {
            run.interrupts().cancel();
            fail(new Cancelled(run.id()));
        } else {
            tell(OperationState.Succeeded);
        }
    }

    private void fail(Throwable error) {
        if (run.isParked()) {
            throw new Control.Parked(run.id());
        }
        boolean cancelled = error instanceof Cancelled || run.isCancelled();
        LOG.info("operation {} did not succeed", run.id(), error);
        if (run.undoing().isDecided()) {
            unwind();
        } else if (run.undoing().isEmpty()) {
            String fault = run.ground().json().write("error", Fault.of(error));
            end(state(cancelled), fault, run.claims().since(Fault.failedSteps(error)));
        } else {
            run.undoing().decide(error, cancelled);
            unwind();
        }
    }

    private void unwind() {
        StepRow reason = run.undoing().reason().orElseThrow();
        run.undoing().undoAll(backward);
        String fault = reason.result() == null ? "null" : reason.result();
        end(state(reason.isIn(StepRow.CANCELLED)), fault, List.of());
    }

    private void end(OperationState state, String fault, List<String> failedSteps) {
        endings.fail(state, fault, failedSteps);
        tell(state);
    }

    private static OperationState state(boolean cancelled) {
        return cancelled ? OperationState.Cancelled : OperationState.Failed;
    }

    private void tell(OperationState state) {
        listener.operationEnded(run.id(), run.picked().type(), state);
    }
}
