package dev.toygres.agentapi;

import dev.toygres.model.backup.Compression;
import java.util.Optional;

/**
 * The place of one instance in a store, and how things are written there. Every order carries it
 * whole, so that an agent needs no memory of it. Two instances never share one (P52): {@link
 * BackupOrder.ProveStore} puts the owner's id there and refuses another's.
 *
 * @param path within the store, like {@code prefix/instance}: letters, digits, {@code . _ -} and
 *     slashes; physical backups and WAL lie below {@code physical/}, dumps below {@code logical/}
 * @param passphrase encrypts all of it with AES-256; empty: not encrypted. It cannot be changed for
 *     a repository that has content: a new key needs a new path
 * @param compression of what is written from now on; what is there is read whatever it is
 */
public record Repository(
        BackupStore store, String path, Optional<String> passphrase, Compression compression) {
    @Override
    public String toString() {
        return "Repository[" + store + ", " + path + "]";
    }
}
