package dev.toygres.model;

import java.util.List;

/**
 * A request that is not carried out, with the reason for the caller. Nothing was changed.
 *
 * <p>{@code code} is stable and part of the REST contract; the message names the fix.
 */
public final class Refused extends RuntimeException {

    /** Who has to do something about it. */
    public enum Kind {
        /** The request itself is wrong: 400. */
        Mistake,
        /** It names something that is not there: 404. */
        NotFound,
        /** It does not fit what is so now: 409. */
        Conflict
    }

    /** What is wrong with one field of the request. */
    public record FieldFault(String field, String message) {}

    private final Kind kind;
    private final String code;
    private final List<FieldFault> faults;

    public Refused(Kind kind, String code, String message) {
        this(kind, code, message, List.of());
    }

    private Refused(Kind kind, String code, String message, List<FieldFault> faults) {
        super(message);
        this.kind = kind;
        this.code = code;
        this.faults = List.copyOf(faults);
    }

    /** Bad input: every faulty field at once. */
    public static Refused fields(List<FieldFault> faults) {
        String words =
                faults.stream()
                        .map(fault -> fault.field() + " " + fault.message())
                        .collect(java.util.stream.Collectors.joining("; "));
        return new Refused(Kind.Mistake, "invalid-request", words, faults);
    }

    public static Refused notFound(String what, String id) {
        return new Refused(Kind.NotFound, what + "-not-found", "there is no " + what + " " + id);
    }

    public static Refused conflict(String code, String message) {
        return new Refused(Kind.Conflict, code, message);
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    public List<FieldFault> faults() {
        return faults;
    }
}
