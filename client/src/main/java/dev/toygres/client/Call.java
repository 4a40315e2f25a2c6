package dev.toygres.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP request of the contract, before it knows to which server it goes. */
record Call(String method, String path, Map<String, String> headers, @Nullable Object body) {

    static Call get(String path) {
        return new Call("GET", path, Map.of(), null);
    }

    static Call post(String path) {
        return new Call("POST", path, Map.of(), null);
    }

    static Call put(String path) {
        return new Call("PUT", path, Map.of(), null);
    }

    static Call delete(String path) {
        return new Call("DELETE", path, Map.of(), null);
    }

    static Call patch(String path, Object body) {
        return new Call("PATCH", path, Map.of(), body);
    }

    static Call put(String path, Object body) {
        return new Call("PUT", path, Map.of(), body);
    }

    Call body(Object value) {
        return new Call(method, path, headers, value);
    }

    Call header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(method, path, more, body);
    }

    Call query(Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            return this;
        }
        var pairs = new ArrayList<String>();
        parameters.forEach((name, value) -> pairs.add(encode(name) + "=" + encode(value)));
        return new Call(method, path + "?" + String.join("&", pairs), headers, body);
    }

    boolean changesSomething() {
        return !method.equals("GET");
    }

    /** A path segment that came from outside. */
    static String segment(String value) {
        return encode(value);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
