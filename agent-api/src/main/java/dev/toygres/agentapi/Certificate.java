package dev.toygres.agentapi;

/** A server certificate of the instance's CA, PEM; its key is only ever on the wire and on disk. */
public record Certificate(String certificate, String key, String authority) {
    @Override
    public String toString() {
        return "Certificate[***]";
    }
}
