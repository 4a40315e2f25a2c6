package dev.toygres.durable;

/** Another unfinished operation holds the lane. */
public final class LaneTaken extends RuntimeException {
    private final String holder;

    public LaneTaken(String lane, String holder) {
        super("operation " + holder + " is at work on " + lane);
        this.holder = holder;
    }

    /** The id of the operation that holds it. */
    public String holder() {
        return holder;
    }
}
