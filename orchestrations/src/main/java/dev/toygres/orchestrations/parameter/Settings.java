package dev.toygres.orchestrations.parameter;

import dev.toygres.model.Size;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import dev.toygres.store.ParameterStore.Agreed;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The settings that a member has by its size and by what is agreed, whatever brings it up. */
public final class Settings {
    private Settings() {}

    public static Map<String, String> of(Handle handle, InstanceRow instance, MemberRow member) {
        return of(instance, member, ParameterStore.agreed(handle, instance.id()));
    }

    /** While the primary waits for a restart, a replica has what suits it before and after. */
    static Map<String, String> of(InstanceRow instance, MemberRow member, Agreed agreed) {
        Map<String, String> settings =
                MemberSettings.of(instance.size(), member.size(), agreed.set());
        boolean primary = instance.incumbent().equals(Optional.of(member.id()));
        return agreed.running()
                .filter(_ -> !primary)
                .map(set -> MemberSettings.of(instance.size(), member.size(), set))
                .map(running -> MemberSettings.suitingBoth(running, settings))
                .orElse(settings);
    }

    /** What it will have once that set is agreed and the instance has that size. */
    static Map<String, String> of(
            InstanceRow instance, MemberRow member, ParameterSet set, Optional<Size> next) {
        return MemberSettings.of(next.orElse(instance.size()), size(instance, member, next), set);
    }

    /** A member that has the size of its instance keeps it; others have their own. */
    static Size size(InstanceRow instance, MemberRow member, Optional<Size> next) {
        return member.size() == instance.size() ? next.orElse(member.size()) : member.size();
    }
}
