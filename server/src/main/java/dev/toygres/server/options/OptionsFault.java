package dev.toygres.server.options;

import java.util.List;

/** The options do not do: all that is wrong with them at once. */
public final class OptionsFault extends RuntimeException {
    private final List<String> faults;

    OptionsFault(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
