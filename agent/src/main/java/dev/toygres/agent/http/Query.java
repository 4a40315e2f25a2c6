package dev.toygres.agent.http;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The numbers after the question mark. */
record Query(Map<String, String> values) {
    static Query of(URI uri) {
        var values = new HashMap<String, String>();
        var raw = uri.getRawQuery();
        if (raw != null) {
            for (var pair : raw.split("&", -1)) {
                var at = pair.indexOf('=');
                if (at > 0) {
                    values.put(pair.substring(0, at), pair.substring(at + 1));
                }
            }
        }
        return new Query(Map.copyOf(values));
    }

    long number(String name, long usual, long highest) {
        var text = values.get(name);
        if (text == null) {
            return usual;
        }
        try {
            return Math.clamp(Long.parseLong(text), 0, highest);
        } catch (NumberFormatException fault) {
            throw new IllegalArgumentException(name + " is not a whole number", fault);
        }
    }

    String text(String name) {
        var text = values.get(name);
        if (text == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** In milliseconds. */
    Duration duration(String name, Duration usual, Duration longest) {
        return Duration.ofMillis(number(name, usual.toMillis(), longest.toMillis()));
    }
}
