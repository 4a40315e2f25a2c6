package dev.toygres.durable;

/** A step that used up its attempts, or whose error is not to be retried. A flow may catch it. */
public final class StepFailed extends RuntimeException {
    private final String step;

    public StepFailed(String step, String message) {
        super(message);
        this.step = step;
    }

    public String step() {
        return step;
    }
}
