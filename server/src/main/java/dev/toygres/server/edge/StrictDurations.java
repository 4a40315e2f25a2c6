package dev.toygres.server.edge;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** Durations are ISO-8601 strings: a bare number would leave its unit to be guessed. */
public final class StrictDurations extends StdDeserializer<Duration> {

    private StrictDurations() {
        super(Duration.class);
    }

    public static JacksonModule module() {
        return new SimpleModule("strict-durations")
                .addDeserializer(Duration.class, new StrictDurations());
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return context.reportInputMismatch(this, "not a string");
        }
        String text = parser.getString();
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            return (Duration)
                    context.handleWeirdStringValue(Duration.class, text, "not a duration");
        }
    }
}
