package dev.toygres.agentapi.tls;

/** A certificate and its PKCS#8 key, both PEM. */
public record Identity(String certificate, String key) {
    @Override
    public String toString() {
        return "Identity[***]";
    }
}
