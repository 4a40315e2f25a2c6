package dev.toygres.server.secret;

import dev.toygres.api.PutSecretRequest;
import dev.toygres.api.SecretInfo;
import dev.toygres.model.Secret;
import dev.toygres.orchestrations.secret.Secrets;
import dev.toygres.server.edge.Fields;
import dev.toygres.server.edge.Footprint;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Secrets of users. */
@RestController
@RequestMapping(path = "/api/v1/secrets/{name}", produces = "application/json")
public final class SecretsController {
    private final Secrets secrets;

    public SecretsController(Secrets secrets) {
        this.secrets = secrets;
    }

    @GetMapping
    SecretInfo get(@PathVariable("name") String name) {
        return new SecretInfo(name, secrets.writtenAt(name));
    }

    @PutMapping(consumes = "application/json")
    SecretInfo put(
            @PathVariable("name") String name,
            @RequestBody PutSecretRequest body,
            HttpServletRequest request) {
        new Fields().needed("value", body.value()).done();
        Footprint.of(request).detail("secret " + name);
        return new SecretInfo(name, secrets.put(name, new Secret(body.value())));
    }
}
