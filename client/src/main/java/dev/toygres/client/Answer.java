package dev.toygres.client;

import java.net.http.HttpHeaders;

/** What came back. */
record Answer(int status, HttpHeaders headers, String body) {
    boolean good() {
        return status >= 200 && status < 300;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
