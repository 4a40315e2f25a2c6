package dev.toygres.store.access;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who did what, when, and how it ended. A line is opened before the deed and closed after it, so
 * that no deed is without a line; one that was never closed says {@code unfinished}.
 */
public interface AuditLog {

    /** Answers the id of the line. */
    String open(Deed deed);

    void close(String id, Outcome outcome);

    /** Newest first. {@code before} is the id of a line to page on from. */
    List<Line> list(Optional<String> instanceId, int limit, Optional<String> before);

    /** Forgets lines that are older; answers how many. */
    int prune(Duration age);

    /**
     * What somebody is about to do.
     *
     * @param actor name and id of the token, or words for nobody we know
     * @param action such as {@code instances.create}
     * @param source network address
     */
    record Deed(
            String actor, String role, String action, Optional<String> instanceId, String source) {}

    /**
     * How it ended.
     *
     * @param words {@code accepted}, {@code denied}, {@code refused:<code>} or {@code
     *     failed:<code>}
     */
    record Outcome(
            String words,
            Optional<String> instanceId,
            Optional<String> operationId,
            String detail) {}

    /** One line of the log. */
    record Line(String id, Instant at, Deed deed, Outcome outcome) {}
}
