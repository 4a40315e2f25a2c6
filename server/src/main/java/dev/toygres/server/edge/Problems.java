package dev.toygres.server.edge;

import dev.toygres.api.Problem;
import dev.toygres.api.Problem.FieldError;
import dev.toygres.durable.LaneTaken;
import dev.toygres.durable.SubjectReplaced;
import dev.toygres.model.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.databind.json.JsonMapper;

/** Every error leaves as RFC 9457 problem+json with a stable code. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final JsonMapper json;

    public Problems(JsonMapper json) {
        this.json = json;
    }

    void write(Footprint footprint, HttpServletResponse response, Exception exception)
            throws IOException {
        Answer answer = answer(exception);
        footprint.refused(answer.problem().code());
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(answer.problem().status());
        answer.headers().forEach(response::setHeader);
        response.setContentType("application/problem+json");
        response.getOutputStream().write(json.writeValueAsBytes(answer.problem()));
    }

    private static Answer answer(Exception exception) {
        return switch (exception) {
            case Rejection no ->
                    new Answer(problem(no.status(), no.code(), words(no), List.of()), no.headers());
            case Refused no -> refused(no);
            case LaneTaken taken ->
                    plain(HttpStatus.CONFLICT, "operation-in-progress", words(taken));
            case SubjectReplaced gone ->
                    plain(HttpStatus.CONFLICT, "subject-replaced", words(gone));
            case HttpMessageNotReadableException unreadable -> BodyFaults.answer(unreadable);
            case MissingServletRequestParameterException missing ->
                    fields(List.of(new FieldError(missing.getParameterName(), "is missing")));
            case MethodArgumentTypeMismatchException wrong ->
                    fields(
                            List.of(
                                    new FieldError(
                                            wrong.getName(),
                                            "must be " + BodyFaults.kind(type(wrong)))));
            case ErrorResponse known -> framework(known);
            default -> trouble(exception);
        };
    }

    private static Answer refused(Refused no) {
        HttpStatus status =
                switch (no.kind()) {
                    case Mistake -> HttpStatus.BAD_REQUEST;
                    case NotFound -> HttpStatus.NOT_FOUND;
                    case Conflict -> HttpStatus.CONFLICT;
                };
        List<FieldError> errors =
                no.faults().stream()
                        .map(fault -> new FieldError(fault.field(), fault.message()))
                        .toList();
        return new Answer(problem(status, no.code(), words(no), errors), Map.of());
    }

    private static @Nullable Class<?> type(MethodArgumentTypeMismatchException wrong) {
        return wrong.getParameter().nestedIfOptional().getNestedParameterType();
    }

    private static Answer framework(ErrorResponse known) {
        HttpStatusCode status = known.getStatusCode();
        String code =
                switch (status.value()) {
                    case 404 -> "path-not-found";
                    case 405 -> "method-not-allowed";
                    case 406 -> "not-acceptable";
                    case 415 -> "unsupported-media-type";
                    default -> "invalid-request";
                };
        String detail = known.getBody().getDetail();
        return new Answer(
                problem(
                        HttpStatus.valueOf(status.value()),
                        code,
                        detail == null ? code : detail,
                        List.of()),
                known.getHeaders().toSingleValueMap());
    }

    private static Answer trouble(Exception exception) {
        if (catalogueIsAway(exception)) {
            LOG.warn("the catalogue does not answer: {}", exception.toString());
            return new Answer(
                    problem(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "catalogue-unavailable",
                            "the catalogue database does not answer; whether the request was"
                                    + " carried out is not certain: repeat it with the same"
                                    + " Idempotency-Key",
                            List.of()),
                    Map.of("Retry-After", "2"));
        }
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        LOG.atError()
                .addKeyValue("incident", id)
                .setCause(exception)
                .log("a request failed, error id {}", id);
        return plain(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal-error",
                "this is a fault of the server; its log has more under error id " + id);
    }

    /** Connection trouble (08), shutdown (57P), no room for a connection (53), or our pool's no. */
    private static boolean catalogueIsAway(Throwable thrown) {
        int depth = 0;
        for (@Nullable Throwable cause = thrown;
                cause != null && depth < 20;
                cause = cause.getCause(), depth++) {
            if (cause instanceof SQLTransientConnectionException
                    || cause instanceof SQLRecoverableException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53");
            }
        }
        return false;
    }

    static Answer plain(HttpStatus status, String code, String detail) {
        return new Answer(problem(status, code, detail, List.of()), Map.of());
    }

    static Answer fields(List<FieldError> errors) {
        var detail = new StringBuilder();
        errors.forEach(
                error ->
                        detail.append(detail.isEmpty() ? "" : "; ")
                                .append(error.field())
                                .append(' ')
                                .append(error.message()));
        return new Answer(
                problem(HttpStatus.BAD_REQUEST, "invalid-request", detail.toString(), errors),
                Map.of());
    }

    private static Problem problem(
            HttpStatus status, String code, String detail, List<FieldError> errors) {
        return new Problem(
                "urn:toygres:problem:" + code,
                status.getReasonPhrase(),
                status.value(),
                detail,
                code,
                errors);
    }

    private static String words(Exception exception) {
        String message = exception.getMessage();
        return message == null ? exception.getClass().getSimpleName() : message;
    }

    /** A problem with the headers that go with it. */
    record Answer(Problem problem, Map<String, String> headers) {}
}
