package dev.toygres.server.edge;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What handlers throw becomes a problem. */
@RestControllerAdvice
public final class ErrorAdvice {
    private final Problems problems;

    public ErrorAdvice(Problems problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void handle(Exception exception, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        problems.write(Footprint.of(request), response, exception);
    }
}
