package dev.toygres.orchestrations.parameter;

import dev.toygres.model.parameter.ParameterDefinition;
import dev.toygres.model.parameter.ProfileChoice;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of an instance.
 *
 * @param version how often what is agreed has changed
 * @param trouble why what runs may differ from it, in words
 */
public record ParametersView(
        String instanceId,
        String postgresVersion,
        long version,
        Optional<ProfileChoice> profile,
        List<One> parameters,
        List<String> trouble) {
    public ParametersView {
        parameters = List.copyOf(parameters);
        trouble = List.copyOf(trouble);
    }

    /**
     * One parameter, on the primary. Values as people write them.
     *
     * @param value in force now; empty while the primary cannot be asked
     * @param set what a user set
     * @param pending what a restart will bring
     * @param drift what ALTER SYSTEM set, and wins
     * @param source user, profile, size, toygres, ALTER SYSTEM or default
     * @param owned why nobody can set it
     */
    public record One(
            ParameterDefinition definition,
            Optional<String> value,
            Optional<String> set,
            Optional<String> pending,
            Optional<String> drift,
            String source,
            Optional<String> owned) {}
}
