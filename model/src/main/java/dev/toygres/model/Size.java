package dev.toygres.model;

/**
 * The compute size of a member: the memory that its settings are derived from. Names are part of
 * the REST contract, in lower case.
 */
public enum Size {
    nano(256),
    micro(512),
    small(1024),
    medium(4096),
    large(16 * 1024),
    xlarge(64 * 1024);

    private final int memoryMegabytes;

    Size(int memoryMegabytes) {
        this.memoryMegabytes = memoryMegabytes;
    }

    /** The memory that a member of this size may count on. */
    public int memoryMegabytes() {
        return memoryMegabytes;
    }
}
