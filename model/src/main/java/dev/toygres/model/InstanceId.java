package dev.toygres.model;

/** What a user creates: one database service with one stable address (D1). */
public record InstanceId(String value) {
    public InstanceId {
        Name.checked("instance id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
