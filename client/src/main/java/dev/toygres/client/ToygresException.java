package dev.toygres.client;

import dev.toygres.api.Operation;
import dev.toygres.api.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a call did not do what it was asked; a {@code switch} over it is exhaustive. */
public abstract sealed class ToygresException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private ToygresException(String message) {
        super(message);
    }

    private ToygresException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The server answered, and its answer was no. */
    public abstract static sealed class Refusal extends ToygresException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        private Refusal(Problem problem) {
            super(words(problem));
            this.problem = problem;
        }

        /** The answer as the server gave it. */
        public final Problem problem() {
            return problem;
        }

        /** Stable; a program may branch on it. */
        public final String code() {
            return problem.code();
        }

        private static String words(Problem problem) {
            return problem.detail().isBlank() ? problem.title() : problem.detail();
        }
    }

    /** The request itself is wrong. */
    public static final class Invalid extends Refusal {
        private static final long serialVersionUID = 1;

        Invalid(Problem problem) {
            super(problem);
        }

        /** Every faulty field. */
        public List<Problem.FieldError> fields() {
            return problem().errors();
        }
    }

    /** The token is missing, unknown or expired. */
    public static final class Unauthorized extends Refusal {
        private static final long serialVersionUID = 1;

        Unauthorized(Problem problem) {
            super(problem);
        }
    }

    /** The token's role does not allow it. */
    public static final class Forbidden extends Refusal {
        private static final long serialVersionUID = 1;

        Forbidden(Problem problem) {
            super(problem);
        }
    }

    /** What the request names is not there. */
    public static final class NotFound extends Refusal {
        private static final long serialVersionUID = 1;

        NotFound(Problem problem) {
            super(problem);
        }
    }

    /** It does not fit what is so now: a name in use, another operation at work, an old ETag. */
    public static final class Conflict extends Refusal {
        private static final long serialVersionUID = 1;

        Conflict(Problem problem) {
            super(problem);
        }
    }

    /** Too many failed logins, or requests; worth another try later. */
    public static final class TooManyRequests extends Refusal {
        private static final long serialVersionUID = 1;

        TooManyRequests(Problem problem) {
            super(problem);
        }
    }

    /** The server is at fault, or cannot work now. */
    public static final class ServerFault extends Refusal {
        private static final long serialVersionUID = 1;

        ServerFault(Problem problem) {
            super(problem);
        }
    }

    /** No server answered within the time for retries; whether the call took effect is unknown. */
    public static final class Unavailable extends ToygresException {
        private static final long serialVersionUID = 1;

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** An answer that this client does not understand. */
    public static final class Unintelligible extends ToygresException {
        private static final long serialVersionUID = 1;

        Unintelligible(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The operation went on for longer than one was willing to wait; it still goes on. */
    public static final class TimedOut extends ToygresException {
        private static final long serialVersionUID = 1;
        private final transient Operation operation;

        TimedOut(Operation operation, Duration waited) {
            super(
                    "%s %s is still %s after %s"
                            .formatted(
                                    operation.type(), operation.id(), operation.state(), waited));
            this.operation = operation;
        }

        /** As it was last seen. */
        public Operation operation() {
            return operation;
        }
    }

    /** The operation came to an end, but not to a good one; or it needs a decision to go on. */
    public static final class OperationFailed extends ToygresException {
        private static final long serialVersionUID = 1;
        private final transient Operation operation;

        OperationFailed(Operation operation) {
            super(
                    "%s %s: %s"
                            .formatted(
                                    operation.type(),
                                    operation.state(),
                                    operation
                                            .error()
                                            .or(() -> asked(operation))
                                            .or(operation::message)
                                            .orElse("no reason was given")));
            this.operation = operation;
        }

        /** What the last answer lacked, or else why somebody is asked. */
        private static Optional<String> asked(Operation operation) {
            return Stream.of("remark", "why")
                    .map(operation.question()::get)
                    .filter(Objects::nonNull)
                    .map(String::valueOf)
                    .findFirst();
        }

        /** As it ended. */
        public Operation operation() {
            return operation;
        }
    }

    static Refusal of(Problem problem) {
        return switch (problem.status()) {
            case 401 -> new Unauthorized(problem);
            case 403 -> new Forbidden(problem);
            case 404, 410 -> new NotFound(problem);
            case 409, 412, 428 -> new Conflict(problem);
            case 429 -> new TooManyRequests(problem);
            default -> problem.status() >= 500 ? new ServerFault(problem) : new Invalid(problem);
        };
    }

    /** The code the server gave, when it was the server who said no. */
    public final Optional<String> refusalCode() {
        return this instanceof Refusal refusal ? Optional.of(refusal.code()) : Optional.empty();
    }
}
