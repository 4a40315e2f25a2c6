package dev.toygres.model;

/** A machine, or a pod, on which one agent runs (D1). */
public record HostId(String value) {
    public HostId {
        Name.checked("host id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
