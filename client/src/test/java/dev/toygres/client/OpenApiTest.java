package dev.toygres.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The client has every call of the OpenAPI, and no other. */
class OpenApiTest {
    @Test
    void everyCallHasItsMethod() throws IOException {
        var ours = new TreeSet<String>();
        Arrays.stream(CallsTest.calls())
                .map(expected -> expected.call().replaceAll("[?].*", ""))
                .map(call -> call.replaceAll("/failovers/o1", "/failovers/{operationId}"))
                .map(call -> call.replaceAll("/r1\\b", "/{replicaId}"))
                .map(call -> call.replaceAll("-changes/op-1", "-changes/{changeId}"))
                .map(call -> call.replaceAll("/work_mem", "/{name}"))
                .map(call -> call.replaceAll("/(db1|o1|host-1|tok-1|alert-1|target-1|b1)", "/{id}"))
                .map(call -> call.replaceAll("/s1\\b", "/{name}"))
                .forEach(ours::add);
        // WatchTest sees that watchOperation listens there.
        ours.add("GET /api/v1/operations/{id}/events");

        assertThat(ours).isEqualTo(contract());
    }

    private static Set<String> contract() throws IOException {
        var calls = new TreeSet<String>();
        try (var file = OpenApiTest.class.getResourceAsStream("/openapi.json")) {
            Json.mapper()
                    .readTree(file)
                    .path("paths")
                    .propertyStream()
                    .forEach(
                            path ->
                                    path.getValue()
                                            .propertyNames()
                                            .forEach(
                                                    method ->
                                                            calls.add(
                                                                    method.toUpperCase(
                                                                                    java.util.Locale
                                                                                            .ROOT)
                                                                            + " "
                                                                            + path.getKey())));
        }
        return calls;
    }
}
