package dev.toygres.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that somebody should know of (R3.27).
 *
 * @param key what it is about, such as {@code ReplicaLagging/pg/pg-r1}: while it lasts, the same
 *     key is the same alert (P56)
 * @param message a sentence for a person who was woken by it: what is so, and what to do
 * @param evidence what was seen, small and without secrets
 */
public record Alert(
        String key,
        Optional<String> instanceId,
        AlertSeverity severity,
        AlertKind kind,
        String message,
        Map<String, Object> evidence) {

    public Alert {
        evidence = Map.copyOf(evidence);
    }

    /** About an instance. */
    public static Alert ofInstance(
            AlertSeverity severity, AlertKind kind, String instanceId, String message) {
        return new Alert(
                kind + "/" + instanceId,
                Optional.of(instanceId),
                severity,
                kind,
                message,
                Map.of());
    }

    /** About something else that has a name. */
    public static Alert of(AlertSeverity severity, AlertKind kind, String name, String message) {
        return new Alert(kind + "/" + name, Optional.empty(), severity, kind, message, Map.of());
    }

    /** About a part of the instance, such as a member or an operation on it. */
    public Alert part(String name) {
        return new Alert(key + "/" + name, instanceId, severity, kind, message, evidence);
    }

    /** With something that was seen: a text, a number or a boolean. */
    public Alert with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(evidence);
        more.put(name, value);
        return new Alert(key, instanceId, severity, kind, message, more);
    }
}
