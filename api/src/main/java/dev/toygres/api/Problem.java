package dev.toygres.api;

import java.util.List;

/**
 * RFC 9457 problem+json.
 *
 * @param code stable; a client may branch on it
 * @param errors every faulty field of the request
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        List<FieldError> errors) {

    /** What is wrong with one field. */
    public record FieldError(String field, String message) {}
}
