package dev.toygres.server.operation;

import dev.toygres.durable.Operation;
import dev.toygres.durable.Operations;
import dev.toygres.durable.StepRecord;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.server.operation.OperationFeed.Snapshot;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * An operation, live, as server-sent events: {@code step} for each step that changed, then {@code
 * operation} with the revision as its event id; the stream ends after the final state. A virtual
 * thread per watcher writes; the looking is shared.
 */
@RestController
public final class EventsController {
    private static final long NOTHING_SEEN = -1;

    private final Operations operations;
    private final OperationFeed feed;
    private final OperationJson json;
    private final Duration heartbeat;

    public EventsController(
            Operations operations, OperationFeed feed, OperationJson json, Duration heartbeat) {
        this.operations = operations;
        this.feed = feed;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    @GetMapping(path = "/api/v1/operations/{id}/events", produces = "text/event-stream")
    void events(
            @PathVariable("id") String id,
            @RequestHeader(name = "Last-Event-ID", required = false) Optional<String> lastEventId,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        long seen = lastEventId.map(EventsController::revision).orElse(NOTHING_SEEN);
        Operation operation =
                operations.find(id).orElseThrow(() -> Refused.notFound("operation", id));
        if (operation.state().isFinal() && operation.revision() <= seen) {
            // tells an EventSource not to come back
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return;
        }
        response.setContentType("text/event-stream");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("X-Accel-Buffering", "no");
        try (OperationFeed.Watch watch = feed.watch(id)) {
            stream(watch, seen, response);
        } catch (IOException e) {
            // the watcher has gone; there is nobody to tell
            return;
        }
    }

    private void stream(OperationFeed.Watch watch, long begin, HttpServletResponse response)
            throws IOException, InterruptedException {
        OutputStream out = response.getOutputStream();
        write(out, ": hello\n\n");
        response.flushBuffer();
        var sent = new HashMap<String, StepRecord>();
        long seen = begin;
        boolean more = true;
        while (more) {
            Optional<Snapshot> news = watch.next(seen, heartbeat);
            if (news.isPresent()) {
                tell(out, news.get(), sent);
                seen = news.get().operation().revision();
                more = !news.get().operation().state().isFinal();
            } else {
                write(out, ": still here\n\n");
                more = !watch.over();
            }
            response.flushBuffer();
        }
    }

    private void tell(OutputStream out, Snapshot snapshot, Map<String, StepRecord> sent)
            throws IOException {
        for (StepRecord step : changed(snapshot.steps(), sent)) {
            write(out, "event: step\ndata: " + json.text(OperationJson.shown(step)) + "\n\n");
        }
        write(
                out,
                "event: operation\nid: "
                        + snapshot.operation().revision()
                        + "\ndata: "
                        + json.text(json.shown(snapshot.operation()))
                        + "\n\n");
    }

    private static List<StepRecord> changed(List<StepRecord> steps, Map<String, StepRecord> sent) {
        return steps.stream()
                .filter(step -> !step.equals(sent.put(step.generation() + "/" + step.path(), step)))
                .toList();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long revision(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Refused.fields(
                    List.of(new FieldFault("Last-Event-ID", "must be the id of an event")));
        }
    }
}
