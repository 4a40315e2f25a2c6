package dev.toygres.durable;

/** What unwinds a run: errors, so that a flow's {@code catch (RuntimeException)} lets them pass. */
abstract sealed class Control extends Error {
    private static final long serialVersionUID = 1;

    private Control(String message) {
        super(message, null, false, false);
    }

    /**
     * Another server has the operation, or this one gave it up: nothing may be written any more.
     */
    static final class Fenced extends Control {
        Fenced(String operationId) {
            super("operation " + operationId + " is run by somebody else");
        }
    }

    /** The run waits for something and lets go of its thread. */
    static final class Parked extends Control {
        Parked(String operationId) {
            super("operation " + operationId + " waits");
        }
    }

    /** The flow continues as new. */
    static final class Restart extends Control {
        private final String input;

        Restart(String operationId, String input) {
            super("operation " + operationId + " continues as new");
            this.input = input;
        }

        String input() {
            return input;
        }
    }

    /** The forward part is over for good: what is left to do is to undo. */
    static final class Unwinding extends Control {
        Unwinding(String operationId) {
            super("operation " + operationId + " is being undone");
        }
    }
}
