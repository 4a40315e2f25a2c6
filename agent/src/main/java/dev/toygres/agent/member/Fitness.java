package dev.toygres.agent.member;

import java.util.Optional;

/**
 * Whether a member may be started (S11): as a primary, so that it accepts writes, or as a standby.
 */
sealed interface Fitness {
    record Fit() implements Fitness {}

    record Unfit(String words) implements Fitness {}

    /**
     * Fit is only whose data and memory belong together, and who needs nobody's leave.
     *
     * @param onDisk the system identifier of the data, if there is data
     * @param leased whether there is a fresh grant, or all vouchers, for its recorded term
     */
    static Fitness of(Memory memory, Optional<String> onDisk, boolean leased) {
        if (memory.is(Memory.Role.Fenced)) {
            return new Unfit("it is fenced since term " + memory.term());
        }
        if (memory.stage() == Memory.Stage.Rewinding) {
            return new Unfit("its rewind was cut short; let it rejoin again");
        }
        if (memory.stage() == Memory.Stage.Restoring) {
            return new Unfit("its restore was cut short; let it be restored again");
        }
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
        if (memory.is(Memory.Role.Standby)) {
            return new Fit();
        }
        if (memory.needsLease() && !leased) {
            return new Unfit(
                    "it needs a grant of term %d or the vouchers of %s"
                            .formatted(memory.term(), memory.electorate().ids()));
        }
        return new Fit();
    }
}
