package dev.toygres.durable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names that one run used, in their order: what came before what, and what stood beside it. */
final class Claims {
    private final List<Claim> all = new ArrayList<>();
    private final Set<String> paths = new HashSet<>();

    private record Claim(String path, Scope scope) {}

    /**
     * Where a name was used.
     *
     * @param parallel the path of the parallel step that the branch belongs to; empty outside
     * @param prefix goes before every name: empty, or ends with a slash
     */
    record Scope(@Nullable Scope outer, String parallel, String prefix) {
        static final Scope ROOT = new Scope(null, "", "");

        Scope branch(String step, String name) {
            return new Scope(this, step, step + "/" + name + "/");
        }

        /** Others run beside it. */
        boolean isBranch() {
            return fromRoot().stream().anyMatch(scope -> !scope.parallel().isEmpty());
        }

        /** Whether the two run side by side, in two branches of one parallel step. */
        boolean isBeside(Scope other) {
            List<Scope> mine = fromRoot();
            List<Scope> others = other.fromRoot();
            for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
                if (!mine.get(i).prefix().equals(others.get(i).prefix())) {
                    return mine.get(i).parallel().equals(others.get(i).parallel());
                }
            }
            return false;
        }

        private List<Scope> fromRoot() {
            var chain = new ArrayList<Scope>();
            for (Scope scope = this; scope != null; scope = scope.outer()) {
                chain.add(scope);
            }
            return chain.reversed();
        }
    }

    /** Answers false for a name that is taken. */
    synchronized boolean claim(String path, Scope scope) {
        all.add(new Claim(path, scope));
        return paths.add(path);
    }

    /** The step is in the journal under the name that it had in an earlier release. */
    synchronized void rename(String path, String journalled) {
        all.replaceAll(
                claim -> claim.path().equals(path) ? new Claim(journalled, claim.scope()) : claim);
    }

    /**
     * What a retry has to do anew: the steps that failed, and all that came after them, which is
     * how the flow dealt with the failure. Branches beside them are left alone.
     */
    synchronized List<String> since(List<String> failed) {
        var anew = new LinkedHashSet<>(failed);
        for (int i = 0; i < all.size(); i++) {
            if (failed.contains(all.get(i).path())) {
                Scope scope = all.get(i).scope();
                all.subList(i, all.size()).stream()
                        .filter(claim -> !claim.scope().isBeside(scope))
                        .forEach(claim -> anew.add(claim.path()));
            }
        }
        return List.copyOf(anew);
    }
}
