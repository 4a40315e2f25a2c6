package dev.toygres.client;

import dev.toygres.api.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/** The server-sent events of one operation; each carries the operation as it is now. */
final class Events implements AutoCloseable {
    private final BufferedReader lines;

    Events(InputStream stream) {
        lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** Waits for the next one; empty when the stream has ended. */
    Optional<Operation> next() throws IOException {
        var data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data.append(line.substring(5).strip()).append('\n');
            } else if (line.isEmpty() && !data.isEmpty()) {
                var operation = operation(data.toString());
                data.setLength(0);
                if (operation.isPresent()) {
                    return operation;
                }
            }
        }
        return Optional.empty();
    }

    /** Events of another shape may come with later servers: not for us. */
    private static Optional<Operation> operation(String data) {
        try {
            var tree = Json.mapper().readTree(data);
            if (!tree.has("id") || !tree.has("state") || !tree.has("type")) {
                return Optional.empty();
            }
            return Optional.of(Json.mapper().treeToValue(tree, Operation.class));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
