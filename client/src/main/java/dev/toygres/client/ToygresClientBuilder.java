package dev.toygres.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;

/** What a client needs to know. */
public final class ToygresClientBuilder {
    private List<URI> servers = List.of();
    private String token = "";
    private Optional<String> authority = Optional.empty();
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration answerTimeout = Duration.ofSeconds(30);
    private Duration patience = Duration.ofSeconds(30);

    ToygresClientBuilder() {}

    /** Where the server is, such as {@code https://toygres.example:8443}. */
    public ToygresClientBuilder server(String address) {
        return servers(List.of(address));
    }

    /** Several servers of one catalogue: when one does not answer, the next is asked. */
    public ToygresClientBuilder servers(List<String> addresses) {
        servers = addresses.stream().map(ToygresClientBuilder::address).toList();
        return this;
    }

    /** An API token. */
    public ToygresClientBuilder token(String value) {
        token = value;
        return this;
    }

    /** The certificate authority to trust, PEM; default: those the JVM trusts. */
    public ToygresClientBuilder authority(String pem) {
        authority = Optional.of(pem);
        return this;
    }

    /** For one connection. */
    public ToygresClientBuilder connectTimeout(Duration timeout) {
        connectTimeout = timeout;
        return this;
    }

    /** For one answer. */
    public ToygresClientBuilder answerTimeout(Duration timeout) {
        answerTimeout = timeout;
        return this;
    }

    /** How long a server that does not answer is tried again; zero: not at all. */
    public ToygresClientBuilder patience(Duration time) {
        patience = time;
        return this;
    }

    /**
     * @throws IllegalArgumentException when there is no server, or the authority is none
     */
    public ToygresClient build() {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no server is given");
        }
        var http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(connectTimeout)
                        .executor(Executors.newVirtualThreadPerTaskExecutor());
        authority.ifPresent(pem -> http.sslContext(Trust.in(pem)));
        var transport = new Transport(http.build(), servers, token, answerTimeout, patience);
        return new ToygresClient(transport, Optional.empty());
    }

    private static URI address(String given) {
        String trimmed = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
        var uri = URI.create(trimmed);
        String scheme = uri.getScheme();
        if (uri.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    "the server must be like http://127.0.0.1:8080, not " + given);
        }
        return uri;
    }
}
