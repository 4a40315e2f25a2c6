package dev.toygres.orchestrations.alert;

import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.NotificationStore.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** By HTTP POST, signed; 2xx is taken for delivered. */
final class WebhookSender implements Sender, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Catalogue catalogue;
    private final TargetSecrets secrets;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .connectTimeout(CONNECT)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    WebhookSender(Catalogue catalogue, TargetSecrets secrets) {
        this.catalogue = catalogue;
        this.secrets = secrets;
    }

    @Override
    public void send(Target target, Message message) throws NotDelivered {
        String body = NotificationDesk.JSON.writeValueAsString(body(message));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(secret(target, TargetSecrets.URL).reveal()))
                        .timeout(ANSWER)
                        .header("Content-Type", "application/json")
                        .header("User-Agent", "toygres")
                        .header("webhook-id", message.id())
                        .header(
                                "webhook-timestamp",
                                Long.toString(message.timestamp().getEpochSecond()))
                        .header(
                                "webhook-signature",
                                Signature.of(
                                        secret(target, TargetSecrets.SIGNING),
                                        message.id(),
                                        message.timestamp(),
                                        body))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        int status = post(request);
        if (status / 100 != 2) {
            throw new NotDelivered("it answered " + status);
        }
    }

    /** The type first: many receivers choose by it. */
    private static Map<String, Object> body(Message message) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "alert." + message.event());
        body.put("timestamp", message.timestamp());
        body.put("id", message.id());
        body.put("title", message.title());
        message.alert().ifPresent(alert -> body.put("data", alert));
        return body;
    }

    private Secret secret(Target target, String what) throws NotDelivered {
        return catalogue
                .jdbi()
                .withHandle(handle -> secrets.find(handle, target.name(), what))
                .orElseThrow(() -> new NotDelivered("it has no " + what + ": set it again"));
    }

    /** The answer's head and body together within the time: a body may come a byte at a time. */
    private int post(HttpRequest request) throws NotDelivered {
        CompletableFuture<HttpResponse<Void>> answer =
                http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).statusCode();
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new NotDelivered("it did not answer within " + ANSWER.toSeconds() + " s");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            answer.cancel(true);
            throw new NotDelivered("this server was stopped meanwhile");
        } catch (ExecutionException failed) {
            throw new NotDelivered(
                    failed.getCause() == null ? "it failed" : words(failed.getCause()));
        }
    }

    private static String words(Throwable cause) {
        String name = cause.getClass().getSimpleName().replaceAll("Exception$", "");
        boolean telling = cause instanceof IOException && cause.getMessage() != null;
        return telling ? name + ": " + cause.getMessage() : "it cannot be reached: " + name;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
