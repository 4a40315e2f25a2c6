package dev.toygres.server.options;

import java.util.Locale;
import java.util.Optional;

/** The keys: {@code --toygres.<key>=} on the command line, or the environment variable. */
enum OptionKey {
    ADDRESS("address", "TOYGRES_SERVER_ADDRESS", "127.0.0.1"),
    PORT("port", "TOYGRES_SERVER_PORT", "8432"),
    ADDRESS_FILE("address-file", "TOYGRES_SERVER_ADDRESS_FILE", ""),
    TLS_CERTIFICATE("tls-certificate", "TOYGRES_SERVER_TLS_CERTIFICATE", ""),
    TLS_KEY("tls-key", "TOYGRES_SERVER_TLS_KEY", ""),
    DATABASE_URL("database-url", "TOYGRES_DATABASE_URL", ""),
    DATABASE_URL_FILE("database-url-file", "TOYGRES_DATABASE_URL_FILE", ""),
    MASTER_KEY_FILE("master-key-file", "TOYGRES_MASTER_KEY_FILE", ""),
    ADMIN_TOKEN_FILE("admin-token-file", "TOYGRES_ADMIN_TOKEN_FILE", ""),
    HOME("home", "TOYGRES_HOME", ""),
    GRACE("grace", "TOYGRES_SERVER_GRACE", "PT10S"),
    AUDIT_RETENTION("audit-retention", "TOYGRES_SERVER_AUDIT_RETENTION", "P400D");

    final String name;
    final String variable;
    final String fallback;

    OptionKey(String name, String variable, String fallback) {
        this.name = name;
        this.variable = variable;
        this.fallback = fallback;
    }

    /** Arguments can be read by everybody on the machine, so what holds a password is not one. */
    boolean mayBeArgument() {
        return this != DATABASE_URL;
    }

    static Optional<OptionKey> named(String name) {
        for (OptionKey key : values()) {
            if (key.name.equals(name)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    static Optional<OptionKey> ofVariable(String variable) {
        for (OptionKey key : values()) {
            if (key.variable.equals(variable)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    static String names() {
        var names = new StringBuilder();
        for (OptionKey key : values()) {
            if (key.mayBeArgument()) {
                names.append(names.isEmpty() ? "--toygres." : ", --toygres.").append(key.name);
            }
        }
        return names.toString().toLowerCase(Locale.ROOT);
    }
}
