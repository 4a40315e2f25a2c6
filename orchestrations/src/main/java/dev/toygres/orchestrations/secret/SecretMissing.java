package dev.toygres.orchestrations.secret;

/** Something needs a secret that is not there any more. */
public final class SecretMissing extends RuntimeException {
    public SecretMissing(String name) {
        super("the secret " + name + " is missing: put it again (toygres secret set " + name + ")");
    }
}
