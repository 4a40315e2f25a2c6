package dev.toygres.durable;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Small values to JSON and back, within the limits of what may be journalled. */
final class Json {
    /** The most bytes a journalled value may have. */
    static final int LIMIT = 64 * 1024;

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final Shapes shapes = new Shapes();

    /**
     * @param what names the value in the error
     * @throws IllegalArgumentException when the value may not be journalled
     */
    String write(String what, @Nullable Object value) {
        shapes.check(what, value);
        String json = mapper.writeValueAsString(value);
        int size = json.getBytes(StandardCharsets.UTF_8).length;
        if (size > LIMIT) {
            throw new IllegalArgumentException(
                    what + " is " + size + " bytes of JSON, the limit is " + LIMIT);
        }
        if (json.contains("\\u0000")) {
            throw new IllegalArgumentException(
                    what + " has a zero character, which Postgres cannot store");
        }
        return json;
    }

    @SuppressWarnings("NullAway") // A value that was null comes back as null.
    <T> T read(@Nullable String json, Class<T> type) {
        if (json == null || type == Void.class) {
            return null;
        }
        return mapper.readValue(json, type);
    }
}
