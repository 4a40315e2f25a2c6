package dev.toygres.orchestrations.alert;

import dev.toygres.model.Secret;
import dev.toygres.store.SecretStore;
import java.net.URI;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What of a target is secret, sealed (D14): its password, its signing key, and its URL. */
record TargetSecrets(SecretStore secrets) {
    static final String URL = "url";
    static final String SIGNING = "secret";
    static final String PASSWORD = "password";

    Optional<Secret> find(Handle handle, String target, String what) {
        return secrets.find(handle, name(target, what));
    }

    void put(Handle handle, String target, String what, Secret value) {
        remove(handle, target, what);
        secrets.putIfAbsent(handle, name(target, what), value);
    }

    void remove(Handle handle, String target, String what) {
        secrets.removeAll(handle, name(target, what));
    }

    void removeAll(Handle handle, String target) {
        secrets.removeAll(handle, name(target, ""));
    }

    /** Where it leads, without what may be a key: many services put one into the path. */
    static String shown(Secret url) {
        URI uri = URI.create(url.reveal());
        String tail = uri.getRawPath() == null ? "" : uri.getRawPath();
        boolean plain = (tail.isEmpty() || tail.equals("/")) && uri.getRawQuery() == null;
        return uri.getScheme() + "://" + uri.getRawAuthority() + (plain ? tail : "/***");
    }

    private static String name(String target, String what) {
        return "notification/" + target + "/" + what;
    }
}
