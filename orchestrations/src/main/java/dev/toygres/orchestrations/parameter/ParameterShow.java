package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.MemberParameters;
import dev.toygres.agentapi.MemberParameters.Drift;
import dev.toygres.agentapi.MemberParameters.Running;
import dev.toygres.model.parameter.HouseDefaults;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.OwnedParameters;
import dev.toygres.model.parameter.ParameterCheck;
import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.orchestrations.Topology;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.MemberRow;
import dev.toygres.store.ParameterStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The parameters of an instance as they are agreed, held against what its primary says. */
final class ParameterShow {
    private final Map<String, String> wanted;
    private final Map<String, String> unset;
    private final ParameterSet agreed;
    private final Map<String, Drift> drift;

    private ParameterShow(
            Map<String, String> wanted,
            Map<String, String> unset,
            ParameterSet agreed,
            Collection<Drift> drift) {
        this.wanted = wanted;
        this.unset = unset;
        this.agreed = agreed;
        this.drift = drift.stream().collect(Collectors.toMap(Drift::name, one -> one));
    }

    static ParametersView of(Topology topology, ParameterStore.Agreed agreed, Sources sources) {
        InstanceRow row = topology.instance();
        MemberRow primary = topology.placedPrimary();
        Optional<MemberParameters> running = sources.running(primary);
        ParameterShow show =
                new ParameterShow(
                        Settings.of(row, primary, agreed),
                        MemberSettings.defaults(row.size(), primary.size(), agreed.set()),
                        agreed.set(),
                        running.map(MemberParameters::drift).orElse(List.of()));
        return new ParametersView(
                row.id(),
                String.valueOf(row.postgresMajor()),
                agreed.version(),
                agreed.set().profile(),
                running.map(one -> show.all(one.running()))
                        .orElseGet(() -> show.stopped(sources, primary, row.postgresMajor())),
                trouble(topology, sources));
    }

    private List<ParametersView.One> all(List<Running> running) {
        return running.stream()
                .map(one -> one(one.definition(), one.value(), one.pendingRestart()))
                .toList();
    }

    private List<ParametersView.One> stopped(Sources sources, MemberRow primary, int major) {
        return sources
                .of(primary.hostId(), major, agreed.values().getOrDefault(Sources.LIBRARIES, ""))
                .values()
                .stream()
                .map(definition -> one(definition, Optional.empty(), false))
                .toList();
    }

    private ParametersView.One one(
            ParameterDefinition definition, Optional<String> value, boolean pendingRestart) {
        String name = definition.name();
        Optional<String> wish =
                Optional.ofNullable(wanted.get(name)).map(text -> shown(definition, text));
        Optional<String> byDefault =
                Optional.ofNullable(unset.get(name))
                        .map(text -> definition.base(text))
                        .or(definition::defaultValue);
        Optional<String> pending =
                wish.or(() -> byDefault.map(definition::shown)).filter(_ -> pendingRestart);
        return new ParametersView.One(
                definition.withDefault(byDefault),
                value.map(definition::shown),
                Optional.ofNullable(agreed.values().get(name)).map(text -> shown(definition, text)),
                pending,
                Optional.ofNullable(drift.get(name)).map(Drift::value),
                source(name),
                OwnedParameters.reason(name));
    }

    private static String shown(ParameterDefinition definition, String text) {
        return ParameterCheck.canonical(text, definition);
    }

    private String source(String name) {
        if (drift.containsKey(name)) {
            return "ALTER SYSTEM";
        }
        if (agreed.values().containsKey(name)) {
            return "user";
        }
        if (unset.containsKey(name)) {
            boolean bySize = agreed.profile().isEmpty() || !fromProfile(name);
            return bySize ? "size" : "profile";
        }
        if (OwnedParameters.reason(name).isPresent() || HouseDefaults.values().containsKey(name)) {
            return "toygres";
        }
        return "default";
    }

    private boolean fromProfile(String name) {
        return agreed.profile().isPresent()
                && dev.toygres.model.parameter.Profiles.settings(
                                agreed.profile().get(), dev.toygres.model.Size.small)
                        .containsKey(name);
    }

    /** Each member that runs with other values than were agreed, and why. */
    private static List<String> trouble(Topology topology, Sources sources) {
        List<String> words = new ArrayList<>();
        Stream.concat(topology.primary().stream(), topology.readyReplicas().stream())
                .forEach(
                        member ->
                                sources.running(member)
                                        .ifPresentOrElse(
                                                one -> differences(words, member, one),
                                                () -> words.add(member.id() + " cannot be asked")));
        return words;
    }

    private static void differences(
            List<String> words, MemberRow member, MemberParameters running) {
        running.returned()
                .ifPresent(
                        why ->
                                words.add(
                                        "%s came up with its former settings: %s"
                                                .formatted(member.id(), why)));
        running.drift()
                .forEach(
                        one ->
                                words.add(
                                        "%s: ALTER SYSTEM has set %s to '%s'"
                                                .formatted(member.id(), one.name(), one.value())));
    }
}
