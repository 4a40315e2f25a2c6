package dev.toygres.server.alert;

import dev.toygres.api.NotificationDelivery;
import dev.toygres.api.NotificationTargets;
import dev.toygres.api.Page;
import dev.toygres.model.Refused;
import dev.toygres.orchestrations.alert.Notifications;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import dev.toygres.server.edge.Revision;
import dev.toygres.store.NotificationStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who is told of alerts, and what became of telling them. */
@RestController
@RequestMapping(path = "/api/v1/notification-targets", produces = "application/json")
public final class NotificationTargetsController {
    private static final String WHAT = "the list of notification targets";

    private final Notifications notifications;

    public NotificationTargetsController(Notifications notifications) {
        this.notifications = notifications;
    }

    @GetMapping
    ResponseEntity<NotificationTargets> get() {
        return withEtag(notifications.targets());
    }

    @PutMapping(consumes = "application/json")
    ResponseEntity<NotificationTargets> replace(
            @RequestHeader(name = "If-Match", required = false) Optional<String> ifMatch,
            @RequestBody NotificationTargets body) {
        Optional<Long> revision = Revision.wanted(ifMatch, WHAT);
        TargetJson.needed(body);
        try {
            return withEtag(
                    notifications.replace(
                            body.targets().stream().map(TargetJson::wish).toList(),
                            body.repeatEvery(),
                            revision));
        } catch (Refused no) {
            throw no.code().equals("changed-meanwhile") ? Revision.mismatch(WHAT) : no;
        }
    }

    @PostMapping("/{id}:test")
    NotificationDelivery test(@PathVariable("id") String id, HttpServletRequest request) {
        Footprint.of(request).detail("target " + id);
        return TargetJson.shown(notifications.test(id));
    }

    @GetMapping("/{id}/deliveries")
    Page<NotificationDelivery> deliveries(
            @PathVariable("id") String id,
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        return paging.page(
                notifications.deliveries(id, paging.fetch(), paging.after()),
                NotificationStore.Row::id,
                TargetJson::shown);
    }

    private static ResponseEntity<NotificationTargets> withEtag(Notifications.Targets targets) {
        return ResponseEntity.ok()
                .eTag(Revision.etag(targets.revision()))
                .body(TargetJson.shown(targets));
    }
}
