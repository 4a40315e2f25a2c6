package dev.toygres.orchestrations.alert;

import java.util.List;
import java.util.Optional;

/**
 * How mail is sent, as it stands in the catalogue; the password is sealed elsewhere.
 *
 * @param security StartTls, Tls or None
 */
record Mailbox(
        String host,
        int port,
        Security security,
        Optional<String> username,
        String from,
        List<String> to) {

    enum Security {
        /** On a plain connection that must become a safe one before anything is said. */
        StartTls,
        /** Safe from the first byte. */
        Tls,
        /** For a relay on the same machine. */
        None
    }
}
