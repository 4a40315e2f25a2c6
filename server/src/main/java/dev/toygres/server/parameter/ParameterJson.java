package dev.toygres.server.parameter;

import dev.toygres.api.ApplyMode;
import dev.toygres.api.ApplyProfileRequest;
import dev.toygres.api.InstanceParameters;
import dev.toygres.api.Parameter;
import dev.toygres.api.ParameterChange;
import dev.toygres.api.ParameterDefinition;
import dev.toygres.api.ParameterProfile;
import dev.toygres.api.RevertParametersRequest;
import dev.toygres.api.SetParametersRequest;
import dev.toygres.model.parameter.OwnedParameters;
import dev.toygres.model.parameter.ParameterPlan;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.orchestrations.parameter.NewParameters;
import dev.toygres.orchestrations.parameter.NewParameters.NewProfile;
import dev.toygres.orchestrations.parameter.ParametersView;
import dev.toygres.server.edge.Fields;
import dev.toygres.store.ParameterChangeRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Parameters between the contract and the desk. */
public final class ParameterJson {
    private ParameterJson() {}

    static NewParameters wish(SetParametersRequest request, String who) {
        Map<String, Optional<String>> values =
                values("parameters", request.parameters().orElse(Map.of()));
        request.reset().orElse(List.of()).forEach(name -> values.put(name, Optional.empty()));
        return new NewParameters(
                values,
                Optional.empty(),
                request.drift(),
                request.applyMode().map(ParameterJson::kind),
                request.applyMode().flatMap(ApplyMode::at),
                who,
                request.reason());
    }

    static NewParameters wish(ApplyProfileRequest request, String who) {
        new Fields().needed("profile", request.profile()).done();
        Map<String, Optional<String>> values = values(request.profile());
        values.putAll(values("overrideParams", request.overrideParams().orElse(Map.of())));
        return new NewParameters(
                values,
                Optional.of(profile(request.profile())),
                Optional.empty(),
                request.applyMode().map(ParameterJson::kind),
                request.applyMode().flatMap(ApplyMode::at),
                who,
                request.reason());
    }

    /** When, and who asks: what is to be is known from the change. */
    static NewParameters revert(Optional<RevertParametersRequest> request, String who) {
        Optional<ApplyMode> mode = request.flatMap(RevertParametersRequest::applyMode);
        return new NewParameters(
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                mode.map(ParameterJson::kind),
                mode.flatMap(ApplyMode::at),
                who,
                request.flatMap(RevertParametersRequest::reason));
    }

    /** Of a new instance, at once. */
    public static Optional<NewParameters> wish(
            Optional<Map<String, Object>> parameters,
            Optional<ParameterProfile> profile,
            String who) {
        if (parameters.isEmpty() && profile.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Optional<String>> values =
                profile.map(ParameterJson::values).orElseGet(LinkedHashMap::new);
        values.putAll(values("parameters", parameters.orElse(Map.of())));
        return Optional.of(
                new NewParameters(
                        values,
                        profile.map(ParameterJson::profile),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        who,
                        Optional.of("at its creation")));
    }

    private static String kind(ApplyMode mode) {
        new Fields().needed("applyMode.kind", mode.kind()).done();
        return mode.kind();
    }

    private static NewProfile profile(ParameterProfile profile) {
        new Fields().needed("profile.kind", profile.kind()).done();
        return new NewProfile(profile.kind(), profile.followSize().orElse(true));
    }

    private static Map<String, Optional<String>> values(ParameterProfile profile) {
        boolean custom = "Custom".equals(profile.kind());
        new Fields()
                .check(
                        "profile.parameters",
                        custom == profile.parameters().isPresent(),
                        custom ? "is missing" : "goes with Custom only; use overrides")
                .done();
        return values("profile.parameters", profile.parameters().orElse(Map.of()));
    }

    /** Numbers and truth values are as good as texts. */
    private static Map<String, Optional<String>> values(String field, Map<String, Object> given) {
        var fields = new Fields();
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        given.forEach(
                (name, value) -> {
                    boolean plain =
                            value instanceof String
                                    || value instanceof Number
                                    || value instanceof Boolean;
                    fields.check(
                            field + "." + name, plain, "must be a text, a number, true or false");
                    values.put(name, Optional.of(String.valueOf(value)));
                });
        fields.done();
        return values;
    }

    static InstanceParameters shown(ParametersView view) {
        return new InstanceParameters(
                view.instanceId(),
                view.postgresVersion(),
                view.version(),
                view.profile().map(one -> one.profile().name()),
                view.parameters().stream().map(ParameterJson::shown).toList(),
                view.trouble());
    }

    private static Parameter shown(ParametersView.One one) {
        return new Parameter(
                one.definition().name(),
                one.value(),
                one.pending(),
                one.set(),
                one.drift(),
                one.source(),
                shown(one.definition()));
    }

    static ParameterDefinition shown(dev.toygres.model.parameter.ParameterDefinition definition) {
        return new ParameterDefinition(
                definition.name(),
                definition.category().name(),
                definition.type().name(),
                definition.unit(),
                definition.defaultValue().map(definition::shown),
                definition.minValue().map(definition::shown),
                definition.maxValue().map(definition::shown),
                definition.enumValues(),
                definition.description(),
                definition.group(),
                OwnedParameters.reason(definition.name()));
    }

    public static dev.toygres.api.ParameterPlan shown(String instanceId, ParameterPlan plan) {
        return new dev.toygres.api.ParameterPlan(
                instanceId,
                plan.changes().stream()
                        .map(
                                one ->
                                        new dev.toygres.api.ParameterPlan.Change(
                                                one.name(),
                                                one.category().name(),
                                                one.oldValue(),
                                                one.newValue(),
                                                one.reset(),
                                                one.effect(),
                                                one.reason()))
                        .toList(),
                plan.steps().stream()
                        .map(
                                one ->
                                        new dev.toygres.api.ParameterPlan.Step(
                                                one.memberId(),
                                                one.primary() ? "primary" : "replica",
                                                one.action().name(),
                                                one.names()))
                        .toList(),
                plan.warnings(),
                plan.interruptionMs());
    }

    static ParameterChange shown(ParameterChangeRow row) {
        Map<String, String> asked = new TreeMap<>();
        row.request()
                .values()
                .forEach((name, value) -> value.ifPresent(text -> asked.put(name, text)));
        return new ParameterChange(
                row.id(),
                row.instanceId(),
                row.state().name(),
                new ApplyMode(row.mode().name(), row.applyAt()),
                row.cause(),
                row.who(),
                row.reason(),
                asked,
                row.request().values().entrySet().stream()
                        .filter(one -> one.getValue().isEmpty())
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList(),
                row.request().profile().map(one -> one.profile().name()),
                row.before().map(ParameterSet::values),
                row.after().map(ParameterSet::values),
                row.createdAt(),
                row.completedAt(),
                row.interruptionMs(),
                row.failure());
    }
}
