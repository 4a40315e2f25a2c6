package dev.toygres.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/** The contract's JSON: camelCase, ISO-8601, what is absent is left out. */
public final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .changeDefaultPropertyInclusion(
                            inclusion ->
                                    inclusion
                                            .withValueInclusion(JsonInclude.Include.NON_ABSENT)
                                            .withContentInclusion(JsonInclude.Include.NON_ABSENT))
                    .build();

    private Json() {}

    /** Thread-safe. */
    public static JsonMapper mapper() {
        return MAPPER;
    }
}
