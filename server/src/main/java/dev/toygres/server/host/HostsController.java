package dev.toygres.server.host;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.agentapi.HostStatus.MemberStatus;
import dev.toygres.api.Address;
import dev.toygres.api.Host;
import dev.toygres.api.JoinHostRequest;
import dev.toygres.api.JoinHostResponse;
import dev.toygres.api.JoinToken;
import dev.toygres.api.Page;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.host.Hosts;
import dev.toygres.orchestrations.host.Hosts.HostView;
import dev.toygres.orchestrations.host.Hosts.Joined;
import dev.toygres.orchestrations.host.Hosts.Ticket;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import dev.toygres.server.edge.Paging;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Hosts: the machines on which agents run. */
@RestController
@RequestMapping(path = "/api/v1", produces = "application/json")
public final class HostsController {
    private final Hosts hosts;

    public HostsController(Hosts hosts) {
        this.hosts = hosts;
    }

    @GetMapping("/hosts")
    Page<Host> list(
            @RequestParam(name = "limit") Optional<Integer> limit,
            @RequestParam(name = "cursor") Optional<String> cursor) {
        Paging paging = Paging.of(limit, cursor);
        List<HostView> rest =
                hosts.list().stream()
                        .sorted(Comparator.comparing(HostView::id))
                        .filter(host -> host.id().compareTo(paging.after().orElse("")) > 0)
                        .limit(paging.fetch())
                        .toList();
        return paging.page(rest, HostView::id, HostsController::shown);
    }

    @PostMapping("/hosts/join-tokens")
    @ResponseStatus(HttpStatus.CREATED)
    JoinToken invite() {
        Ticket ticket = hosts.ticket();
        return new JoinToken(ticket.value().reveal(), ticket.expiresAt());
    }

    @PostMapping(path = "/hosts:join", consumes = "application/json")
    JoinHostResponse join(@RequestBody JoinHostRequest body, HttpServletRequest request) {
        @Nullable Address address = body.address();
        new Fields()
                .needed("token", body.token())
                .needed("hostId", body.hostId())
                .needed("region", body.region())
                .needed("availabilityZone", body.availabilityZone())
                .needed("address", address)
                .needed("address.host", address == null ? "" : address.host())
                .check(
                        "address.port",
                        address == null || (address.port() > 0 && address.port() < 65536),
                        "must be from 1 to 65535")
                .needed("certificateRequest", body.certificateRequest())
                .done();
        Footprint.of(request).detail("host " + body.hostId());
        Joined joined =
                hosts.join(
                        new Secret(body.token()),
                        body.hostId(),
                        body.region(),
                        body.availabilityZone(),
                        new dev.toygres.agentapi.Address(
                                body.address().host(), body.address().port()),
                        body.certificateRequest());
        return new JoinHostResponse(joined.certificate(), joined.authority());
    }

    @DeleteMapping("/hosts/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void forget(
            @PathVariable("id") String id,
            @RequestParam(name = "force") Optional<Boolean> force,
            HttpServletRequest request) {
        boolean forced = force.orElse(false);
        Footprint.of(request).detail("host " + id + (forced ? ", forced" : ""));
        hosts.forget(id, forced);
    }

    private static Host shown(HostView host) {
        Optional<HostStatus> status = host.status();
        return new Host(
                host.id(),
                state(host),
                host.region(),
                host.availabilityZone(),
                new Address(host.address().host(), host.address().port()),
                status.map(HostsController::versions).orElseGet(List::of),
                status.map(HostStatus::cores),
                status.map(HostStatus::memoryBytes),
                status.map(HostStatus::diskTotalBytes),
                status.map(HostStatus::diskFreeBytes),
                status.map(HostsController::members).orElseGet(List::of),
                host.unknownMembers(),
                host.missingMembers(),
                host.leftovers(),
                host.lastSeenAt());
    }

    /** Joining: it has its certificate, and its agent has not been heard yet. */
    private static String state(HostView host) {
        if (host.reachable()) {
            return "Up";
        }
        return host.lastSeenAt().isPresent() ? "Unreachable" : "Joining";
    }

    private static List<String> versions(HostStatus status) {
        return status.postgresVersions().keySet().stream().sorted().map(String::valueOf).toList();
    }

    private static List<String> members(HostStatus status) {
        return status.members().stream().map(MemberStatus::memberId).sorted().toList();
    }
}
