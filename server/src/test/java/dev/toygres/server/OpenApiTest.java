package dev.toygres.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.toygres.server.edge.Call;
import dev.toygres.server.edge.Calls;
import dev.toygres.server.fakes.FakeWiring;
import dev.toygres.server.wiring.ServerWiring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OpenAPI document is a file, so that every change of the API is seen in review. To write it
 * anew: {@code -Dtoygres.update-openapi=true}.
 */
class OpenApiTest {
    private static final Path FILE = Path.of("../api/src/main/resources/openapi.json");

    @Test
    void theFileSaysWhatTheServerDoes() throws IOException, InterruptedException {
        String now = OpenApiDocument.complete(generated());

        if (Boolean.getBoolean("toygres.update-openapi")) {
            Files.writeString(FILE, now);
        }

        assertThat(Files.readString(FILE))
                .as("the API has changed; if it was meant to: -Dtoygres.update-openapi=true")
                .isEqualTo(now);
    }

    @Test
    void everyCallIsInTheDocumentAndNothingElse() throws IOException {
        JsonNode paths = new JsonMapper().readTree(Files.readString(FILE)).path("paths");
        var documented = new TreeSet<String>();
        paths.properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .propertyNames()
                                        .forEach(
                                                method ->
                                                        documented.add(
                                                                method.toUpperCase(Locale.ROOT)
                                                                        + " "
                                                                        + path.getKey())));

        List<String> declared =
                Calls.table(false).all().stream()
                        .filter(call -> !call.action().equals("open"))
                        .filter(call -> !call.action().equals("metrics.read"))
                        .map(OpenApiTest::words)
                        .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(declared);
    }

    private static String words(Call call) {
        return call.method() + " " + call.path().getPatternString();
    }

    private static String generated() throws IOException, InterruptedException {
        var application = new SpringApplication(ServerWiring.class, FakeWiring.class, NoEdge.class);
        application.addInitializers(
                context ->
                        context.getBeanFactory()
                                .registerSingleton(
                                        "serverOptions",
                                        TestServer.options(InetAddress.getLoopbackAddress())));
        try (var context =
                        application.run(
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--springdoc.api-docs.enabled=true",
                                "--springdoc.api-docs.version=openapi_3_1",
                                "--springdoc.paths-to-match=/api/v1/**",
                                "--springdoc.override-with-generic-response=false");
                HttpClient http = HttpClient.newHttpClient()) {
            int port =
                    Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer())
                            .getPort();
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs"))
                            .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    /** The generator has a path of its own, which the edge does not know. */
    @Configuration(proxyBeanMethods = false)
    static class NoEdge {

        @Bean
        static BeanPostProcessor noEdge() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessBeforeInitialization(Object bean, String name) {
                    if (bean instanceof FilterRegistrationBean<?> filter && name.equals("edge")) {
                        filter.setEnabled(false);
                    }
                    return bean;
                }
            };
        }
    }
}
