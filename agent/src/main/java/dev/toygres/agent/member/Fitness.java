package dev.toygres.agent.member;

import java.util.Optional;

/** Whether a member may be started so that it accepts writes (S11). */
sealed interface Fitness {
    record Fit() implements Fitness {}

    record Unfit(String words) implements Fitness {}

    /**
     * Fit is only whose data and memory belong together, and who needs nobody's leave.
     *
     * @param onDisk the system identifier of the data, if there is data
     */
    static Fitness of(Memory memory, Optional<String> onDisk) {
        if (onDisk.isEmpty()) {
            return new Unfit("there is no data");
        }
        if (!onDisk.get().equals(memory.systemIdentifier())) {
            return new Unfit(
                    "the data is of system "
                            + onDisk.get()
                            + ", the memory beside it of "
                            + memory.systemIdentifier());
        }
        if (memory.leaseRequired() || !memory.electorate().isEmpty()) {
            return new Unfit("it needs a grant or vouchers, and there are none");
        }
        return new Fit();
    }
}
