package dev.toygres.orchestrations.host;

import dev.toygres.agentapi.Address;
import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.Name;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Secret;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceStore;
import dev.toygres.store.LeftoverRow;
import dev.toygres.store.LeftoverStore;
import dev.toygres.store.MemberRow;
import dev.toygres.store.MemberStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** The desk for hosts, on the catalogue. */
public final class HostDesk implements Hosts {
    private static final Duration TICKET_LIFE = Duration.ofHours(1);

    private final Catalogue catalogue;
    private final Installation installation;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public HostDesk(Catalogue catalogue, Installation installation, InstantSource clock) {
        this.catalogue = catalogue;
        this.installation = installation;
        this.clock = clock;
    }

    @Override
    public Ticket ticket() {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        Secret value = new Secret("tgj_" + Base64.getUrlEncoder().encodeToString(bytes));
        Instant expiresAt = clock.instant().plus(TICKET_LIFE);
        catalogue.jdbi().useHandle(handle -> HostStore.addTicket(handle, hash(value), expiresAt));
        return new Ticket(value, expiresAt);
    }

    @Override
    public Joined join(
            Secret ticket,
            String hostId,
            String region,
            String availabilityZone,
            Address address,
            String certificateRequest) {
        check(hostId, region, availabilityZone);
        return catalogue
                .jdbi()
                .inTransaction(
                        handle -> {
                            if (!HostStore.useTicket(
                                    handle, hash(ticket), hostId, clock.instant())) {
                                throw Refused.fields(
                                        List.of(
                                                new FieldFault(
                                                        "token",
                                                        "is unknown, used or expired: ask for a new"
                                                                + " one")));
                            }
                            HostStore.join(
                                    handle,
                                    hostId,
                                    region,
                                    availabilityZone,
                                    address.host(),
                                    address.port());
                            return certified(hostId, address, certificateRequest);
                        });
    }

    private static void check(String hostId, String region, String availabilityZone) {
        List<FieldFault> faults = new ArrayList<>();
        Name.fault(hostId).ifPresent(fault -> faults.add(new FieldFault("hostId", fault)));
        Name.fault(region).ifPresent(fault -> faults.add(new FieldFault("region", fault)));
        Name.fault(availabilityZone)
                .ifPresent(fault -> faults.add(new FieldFault("availabilityZone", fault)));
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    private Joined certified(String hostId, Address address, String certificateRequest) {
        try {
            String certificate =
                    installation
                            .authority()
                            .certify(certificateRequest, hostId, List.of(address.host()));
            return new Joined(certificate, installation.authority().certificate());
        } catch (IllegalArgumentException unusable) {
            throw Refused.fields(
                    List.of(
                            new FieldFault(
                                    "certificateRequest",
                                    "is unusable: " + unusable.getMessage())));
        }
    }

    @Override
    public List<HostView> list() {
        return catalogue
                .jdbi()
                .withHandle(
                        handle ->
                                HostStore.list(handle).stream()
                                        .map(row -> view(handle, row))
                                        .toList());
    }

    private static HostView view(Handle handle, HostRow row) {
        Optional<HostStatus> status = Room.status(row);
        List<String> known = MemberStore.on(handle, row.id()).stream().map(MemberRow::id).toList();
        List<LeftoverRow> left = LeftoverStore.on(handle, row.id());
        List<String> there =
                status.map(HostStatus::members).orElse(List.of()).stream()
                        .map(HostStatus.MemberStatus::memberId)
                        .toList();
        return new HostView(
                row.id(),
                row.region(),
                row.availabilityZone(),
                new Address(row.agentHost(), row.agentPort()),
                row.reachable(),
                row.lastSeenAt(),
                status,
                without(without(there, known), left.stream().map(LeftoverRow::id).toList()),
                status.isPresent() ? without(known, there) : List.of(),
                left.stream().map(LeftoverRow::words).toList());
    }

    private static List<String> without(List<String> all, List<String> some) {
        return all.stream().filter(id -> !some.contains(id)).toList();
    }

    @Override
    public void forget(String hostId, boolean force) {
        catalogue
                .jdbi()
                .useTransaction(
                        handle -> {
                            HostRow host =
                                    HostStore.lock(handle, hostId)
                                            .orElseThrow(() -> Refused.notFound("host", hostId));
                            refuseForgetting(handle, host, force);
                            InstanceStore.loseEndpoints(handle, hostId);
                            LeftoverStore.forgetHost(handle, hostId);
                            HostStore.forget(handle, hostId);
                        });
    }

    private static void refuseForgetting(Handle handle, HostRow host, boolean force) {
        List<String> members =
                MemberStore.on(handle, host.id()).stream()
                        .map(one -> one.id() + " of instance " + one.instanceId())
                        .toList();
        if (!members.isEmpty()) {
            throw inUse(
                    host,
                    members,
                    "remove the replicas, and delete the instances or fail them over, first; that"
                            + " works with the host away, too");
        }
        List<String> rest =
                Stream.concat(
                                InstanceStore.servedFrom(handle, host.id()).stream()
                                        .map(id -> "the address of instance " + id),
                                LeftoverStore.on(handle, host.id()).stream()
                                        .map(one -> one.words() + ", to be destroyed"))
                        .toList();
        if (rest.isEmpty()) {
            return;
        }
        if (host.reachable()) {
            throw inUse(host, rest, "it answers, so nothing there is lost");
        }
        if (!force) {
            throw inUse(
                    host,
                    rest,
                    "with force it is forgotten all the same: only if it will never come back");
        }
    }

    private static Refused inUse(HostRow host, List<String> what, String advice) {
        return Refused.conflict(
                "host-in-use",
                "host %s holds %s; %s".formatted(host.id(), String.join(", ", what), advice));
    }

    private static byte[] hash(Secret ticket) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(ticket.reveal().getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("BUG: every JDK has SHA-256", e);
        }
    }
}
