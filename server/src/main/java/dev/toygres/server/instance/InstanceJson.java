package dev.toygres.server.instance;

import dev.toygres.agentapi.EndpointPorts;
import dev.toygres.api.Address;
import dev.toygres.api.CreateInstanceRequest;
import dev.toygres.api.Credentials;
import dev.toygres.api.Endpoints;
import dev.toygres.api.FailoverRisk;
import dev.toygres.api.Instance;
import dev.toygres.api.Member;
import dev.toygres.orchestrations.instance.InstanceView;
import dev.toygres.orchestrations.instance.Login;
import dev.toygres.orchestrations.instance.NewInstance;
import dev.toygres.server.parameter.ParameterJson;
import dev.toygres.server.replica.ReplicaJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Instances between the contract and the desk. */
final class InstanceJson {
    private InstanceJson() {}

    static NewInstance wish(CreateInstanceRequest request, String who) {
        return new NewInstance(
                request.id(),
                request.postgresVersion(),
                request.size(),
                request.region(),
                request.availabilityZone(),
                request.owner(),
                request.database(),
                request.deletionProtection().orElse(false),
                request.durability(),
                request.replicas().orElseGet(List::of).stream().map(ReplicaJson::wish).toList(),
                ParameterJson.wish(request.parameters(), request.profile(), who));
    }

    static Instance shown(InstanceView view) {
        return shown(view, view.operation());
    }

    static Instance shown(InstanceView view, Optional<String> operation) {
        return new Instance(
                view.id(),
                view.state().name(),
                view.health().name(),
                view.postgresVersion(),
                view.size().name(),
                view.term(),
                view.primary(),
                view.host(),
                view.region(),
                view.availabilityZone(),
                view.replicas().stream().map(ReplicaJson::shown).toList(),
                view.durability().name(),
                view.readOnlyFallback(),
                view.failoverRisk().map(InstanceJson::shown),
                view.isolation().policy().name(),
                view.isolation().electorate(),
                view.isolation().ifServersDied(),
                view.endpoint().map(InstanceJson::endpoints),
                view.owner(),
                view.database(),
                view.deletionProtection(),
                operation,
                view.failure(),
                view.createdAt(),
                view.members().stream()
                        .map(one -> new Member(one.id(), one.role(), one.host(), one.port()))
                        .toList());
    }

    private static FailoverRisk shown(InstanceView.FailoverRisk risk) {
        return new FailoverRisk(risk.candidate(), risk.bytesAtRisk(), risk.words());
    }

    private static Endpoints endpoints(EndpointPorts ports) {
        return new Endpoints(
                new Address(ports.host(), ports.readWrite()),
                new Address(ports.host(), ports.readOnly()),
                new Address(ports.host(), ports.pooled()));
    }

    static Credentials shown(Login login) {
        return new Credentials(
                login.username(),
                login.password().reveal(),
                login.database(),
                connection(login, login.endpoint().readWrite()),
                connection(login, login.endpoint().pooled()),
                login.authority());
    }

    /** Every part is percent-encoded: no password can break out of its place. */
    private static String connection(Login login, int port) {
        String host = login.endpoint().host();
        return "postgresql://"
                + encoded(login.username())
                + ":"
                + encoded(login.password().reveal())
                + "@"
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + port
                + "/"
                + encoded(login.database())
                + "?sslmode=require";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
