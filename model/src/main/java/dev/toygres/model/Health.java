package dev.toygres.model;

/** How an instance feels, as last observed. The names are part of the REST contract. */
public enum Health {
    Healthy,
    /** It serves, but something is wrong. */
    Degraded,
    /** It serves, but an acknowledged commit may exist only once. */
    Unprotected,
    Unhealthy,
    /** Not observed lately: never a guess. */
    Unknown;

    /**
     * As it is shown: what was observed a moment before the state changed is no news of that state.
     */
    public Health in(InstanceState state) {
        return switch (state) {
            case Running -> this;
            case Failed, Restarting, FailingOver, Restoring -> this == Healthy ? Degraded : this;
            case Creating, Stopping, Stopped, Deleting -> Unknown;
        };
    }
}
