package dev.toygres.server.edge;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** The request goes no further, for a reason that lies in HTTP rather than in the domain. */
public final class Rejection extends RuntimeException {
    private final HttpStatus status;
    private final String code;
    private final Map<String, String> headers;

    public Rejection(HttpStatus status, String code, String message) {
        this(status, code, message, Map.of());
    }

    Rejection(HttpStatus status, String code, String message, Map<String, String> headers) {
        super(message);
        this.status = status;
        this.code = code;
        this.headers = Map.copyOf(headers);
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }

    Map<String, String> headers() {
        return headers;
    }
}
