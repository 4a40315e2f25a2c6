package dev.toygres.server.edge;

import dev.toygres.api.Problem.FieldError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body, and never quotes a value: it may be a secret. */
final class BodyFaults {
    private BodyFaults() {}

    static Problems.Answer answer(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case UnrecognizedPropertyException unknown ->
                    Problems.fields(List.of(new FieldError(path(unknown), known(unknown))));
            case MismatchedInputException whole when path(whole).isEmpty() ->
                    Problems.plain(
                            HttpStatus.BAD_REQUEST,
                            "invalid-request",
                            "the body must be one JSON object");
            case MismatchedInputException wrong ->
                    Problems.fields(
                            List.of(
                                    new FieldError(
                                            path(wrong),
                                            "must be " + kind(wrong.getTargetType()))));
            case InputCoercionException tooLarge when !path(tooLarge).isEmpty() ->
                    Problems.fields(List.of(new FieldError(path(tooLarge), "is out of range")));
            case StreamReadException broken ->
                    Problems.plain(
                            HttpStatus.BAD_REQUEST,
                            "malformed-json",
                            "the body is not JSON: the trouble is at line "
                                    + broken.getLocation().getLineNr()
                                    + ", column "
                                    + broken.getLocation().getColumnNr());
            case DatabindException other ->
                    Problems.fields(List.of(new FieldError(path(other), "cannot be read")));
            case null ->
                    Problems.plain(HttpStatus.BAD_REQUEST, "missing-body", "a JSON body is needed");
            default ->
                    Problems.plain(
                            HttpStatus.BAD_REQUEST, "malformed-json", "the body cannot be read");
        };
    }

    private static String known(UnrecognizedPropertyException unknown) {
        var names = new ArrayList<String>();
        if (unknown.getKnownPropertyIds() != null) {
            unknown.getKnownPropertyIds().forEach(id -> names.add(String.valueOf(id)));
        }
        names.sort(null);
        return "is not known here; known: " + String.join(", ", names);
    }

    private static String path(JacksonException exception) {
        var path = new StringBuilder();
        for (JacksonException.Reference reference : exception.getPath()) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        return path.toString();
    }

    static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "something else";
        }
        if (type.isEnum()) {
            var names = new ArrayList<String>();
            for (Object constant : type.getEnumConstants()) {
                names.add(String.valueOf(constant));
            }
            return "one of " + String.join(", ", names);
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number";
        }
        if (type == Instant.class) {
            return "a time such as 2026-01-31T12:00:00Z";
        }
        if (type == Duration.class) {
            return "an ISO-8601 duration such as PT5S";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type.isRecord() ? "an object" : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }
}
