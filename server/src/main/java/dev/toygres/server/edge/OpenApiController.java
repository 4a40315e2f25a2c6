package dev.toygres.server.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The OpenAPI document. It is a file that a test generates from these controllers and compares, so
 * the server needs no generator.
 */
@RestController
public final class OpenApiController {
    private final byte[] document;

    public OpenApiController() {
        try (InputStream file =
                Objects.requireNonNull(
                        OpenApiController.class.getResourceAsStream("/openapi.json"))) {
            document = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @GetMapping(
            path = {"/api/v1/openapi.json", "/openapi.json"},
            produces = "application/json")
    byte[] document() {
        return document;
    }
}
