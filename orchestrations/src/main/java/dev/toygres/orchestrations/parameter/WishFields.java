package dev.toygres.orchestrations.parameter;

import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.Profile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The words of a wish that are not values: mode, time, profile, what becomes of drift. */
final class WishFields {
    private WishFields() {}

    /**
     * @throws Refused with every fault of them
     */
    static void check(NewParameters wish, Instant now) {
        List<FieldFault> faults = new ArrayList<>();
        mode(wish, now, faults);
        wish.drift()
                .filter(word -> !word.equals("Adopt") && !word.equals("Revert"))
                .ifPresent(_ -> faults.add(new FieldFault("drift", "must be Adopt or Revert")));
        wish.profile()
                .filter(one -> named(one.kind()).isEmpty())
                .ifPresent(
                        _ ->
                                faults.add(
                                        new FieldFault(
                                                "profile.kind",
                                                "must be one of "
                                                        + Arrays.toString(Profile.values()))));
        if (wish.values().isEmpty() && wish.profile().isEmpty() && wish.drift().isEmpty()) {
            faults.add(new FieldFault("parameters", "names nothing to change"));
        }
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    /**
     * Of one that names no values.
     *
     * @throws Refused with every fault of mode and time
     */
    static void checkMode(NewParameters wish, Instant now) {
        List<FieldFault> faults = new ArrayList<>();
        mode(wish, now, faults);
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
    }

    private static void mode(NewParameters wish, Instant now, List<FieldFault> faults) {
        if (modeNamed(wish).isEmpty()) {
            faults.add(
                    new FieldFault(
                            "applyMode.kind",
                            "must be one of " + Arrays.toString(ApplyMode.values())));
        }
        boolean scheduled = modeNamed(wish).equals(Optional.of(ApplyMode.Scheduled));
        if (scheduled != wish.at().isPresent()) {
            faults.add(
                    new FieldFault(
                            "applyMode.at",
                            scheduled ? "is missing: when?" : "goes with Scheduled only"));
        }
        wish.at()
                .filter(at -> !at.isAfter(now))
                .ifPresent(at -> faults.add(new FieldFault("applyMode.at", at + " is past")));
    }

    private static Optional<ApplyMode> modeNamed(NewParameters wish) {
        String name = wish.mode().orElse(ApplyMode.Immediate.name());
        return Arrays.stream(ApplyMode.values()).filter(one -> one.name().equals(name)).findFirst();
    }

    /** Of a checked wish. */
    static ApplyMode mode(NewParameters wish) {
        return modeNamed(wish).orElseThrow();
    }

    /** Of a checked wish. */
    static Profile profile(NewParameters.NewProfile wish) {
        return named(wish.kind()).orElseThrow();
    }

    private static Optional<Profile> named(String name) {
        return Arrays.stream(Profile.values()).filter(one -> one.name().equals(name)).findFirst();
    }

    /** As the history has it. */
    static String cause(NewParameters wish) {
        if (wish.drift().isPresent()) {
            return "drift";
        }
        return wish.profile().isPresent() ? "profile" : "set";
    }
}
