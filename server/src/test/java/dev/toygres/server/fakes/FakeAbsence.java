package dev.toygres.server.fakes;

import dev.toygres.server.monitor.Absence;
import java.util.Optional;

/** Stands back when told to. */
public final class FakeAbsence implements Absence {
    private volatile Optional<String> reason = Optional.empty();

    public void because(Optional<String> why) {
        reason = why;
    }

    @Override
    public Optional<String> reason() {
        return reason;
    }
}
