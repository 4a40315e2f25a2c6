package dev.toygres.durable;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a parked run waits for, besides a knock.
 *
 * @param row the entry to journal while it waits
 * @param question what somebody has to decide
 */
record Wait(StepRow row, @Nullable String question) {
    @Nullable Instant due() {
        return row.dueAt();
    }
}
