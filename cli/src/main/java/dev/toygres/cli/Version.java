package dev.toygres.cli;

import picocli.CommandLine.IVersionProvider;

/** Which build this is. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"toygres " + (version == null ? "(development)" : version)};
    }
}
