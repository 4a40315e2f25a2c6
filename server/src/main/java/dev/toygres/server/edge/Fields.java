package dev.toygres.server.edge;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with the fields of a request, so that all of it is said at once. */
public final class Fields {
    private final List<FieldFault> faults = new ArrayList<>();

    /** JSON may leave out what the record says is always there. */
    public Fields needed(String name, @Nullable Object value) {
        return check(name, value != null, "is missing");
    }

    public Fields check(String name, boolean good, String otherwise) {
        if (!good) {
            faults.add(new FieldFault(name, otherwise));
        }
        return this;
    }

    /** Throws when anything was wrong. */
    public void done() {
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }
}
