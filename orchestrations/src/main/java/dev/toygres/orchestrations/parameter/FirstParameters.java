package dev.toygres.orchestrations.parameter;

import dev.toygres.agentapi.HostStatus;
import dev.toygres.model.Placement;
import dev.toygres.model.Refused;
import dev.toygres.model.Refused.FieldFault;
import dev.toygres.model.Size;
import dev.toygres.model.parameter.ApplyMode;
import dev.toygres.model.parameter.ChangeState;
import dev.toygres.model.parameter.Combinations;
import dev.toygres.model.parameter.MemberSettings;
import dev.toygres.model.parameter.ParameterRequest;
import dev.toygres.model.parameter.ParameterSet;
import dev.toygres.model.parameter.ProfileChoice;
import dev.toygres.orchestrations.Agents;
import dev.toygres.orchestrations.host.Room;
import dev.toygres.store.Catalogue;
import dev.toygres.store.HostRow;
import dev.toygres.store.HostStore;
import dev.toygres.store.InstanceRow;
import dev.toygres.store.ParameterChangeRow;
import dev.toygres.store.ParameterStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Parameters and profile of an instance that is to be made: checked as a change of them is. */
public final class FirstParameters {
    private final Catalogue catalogue;
    private final Agents agents;
    private final InstantSource clock;

    public FirstParameters(Catalogue catalogue, Agents agents, InstantSource clock) {
        this.catalogue = catalogue;
        this.agents = agents;
        this.clock = clock;
    }

    /**
     * Asks the host where it would be now.
     *
     * @param row the instance as it would be
     * @param replicas the sizes of those that are made along with it
     * @throws Refused with every fault of the wish; nothing has been made
     */
    public ParameterRequest checked(InstanceRow row, List<Size> replicas, NewParameters wish) {
        WishFields.check(wish, clock.instant());
        HostRow host = catalogue.jdbi().withHandle(handle -> host(handle, row));
        Optional<HostStatus> status = Room.status(host);
        return checked(
                host,
                row,
                replicas,
                new ParameterRequest(
                        new HashMap<>(wish.values()),
                        wish.profile().map(one -> choice(one, row.size(), status)),
                        Optional.empty(),
                        List.of(),
                        Optional.empty()));
    }

    private ParameterRequest checked(
            HostRow host, InstanceRow row, List<Size> replicas, ParameterRequest wish) {
        Checked checked =
                Checked.of(
                        new Sources(agents),
                        host.id(),
                        row.postgresMajor(),
                        Optional.empty(),
                        wish);
        List<FieldFault> faults = new ArrayList<>(checked.faults());
        faults.addAll(combinations(checked, row, replicas, Room.status(host)));
        if (!faults.isEmpty()) {
            throw Refused.fields(faults);
        }
        return checked.request();
    }

    /**
     * What another instance has agreed on, for one that is made of its data.
     *
     * @param set perhaps nothing
     * @param from its name
     */
    public record Inherited(ParameterSet set, String from) {
        ParameterRequest asRequest() {
            return ParameterRequest.whole(set);
        }
    }

    /**
     * @param row the instance as it would be
     * @throws Refused when it could not have them: it may be smaller than the other one
     */
    public void refuseUnfit(InstanceRow row, Inherited from) {
        if (!from.set().equals(ParameterSet.NONE)) {
            HostRow host = catalogue.jdbi().withHandle(handle -> host(handle, row));
            checked(host, row, List.of(), from.asRequest());
        }
    }

    private static HostRow host(Handle handle, InstanceRow row) {
        return switch (Placement.choose(Room.onHosts(handle), Room.need(row))) {
            case Placement.Choice.On(var id) -> HostStore.find(handle, id.value()).orElseThrow();
            case Placement.Choice.Nowhere(var reason) ->
                    throw Refused.conflict("no-host-fits", reason);
        };
    }

    private static List<FieldFault> combinations(
            Checked checked, InstanceRow row, List<Size> replicas, Optional<HostStatus> host) {
        ParameterSet set = checked.request().applyTo(ParameterSet.NONE, row.size());
        Fit fit = new Fit(checked.definitions());
        List<Size> sizes = new ArrayList<>(replicas);
        sizes.addFirst(row.size());
        for (Size size : sizes) {
            fit.on(
                    new Combinations.Member(
                            row.id(),
                            size.memoryMegabytes(),
                            host.map(one -> one.memoryBytes() / 1024 / 1024).orElse(0L),
                            replicas.size(),
                            false),
                    MemberSettings.of(row.size(), size, ParameterSet.NONE),
                    MemberSettings.of(row.size(), size, set));
        }
        return fit.faults();
    }

    /** What the formulas of a profile start from. */
    static ProfileChoice choice(
            NewParameters.NewProfile wish, Size size, Optional<HostStatus> host) {
        return new ProfileChoice(
                WishFields.profile(wish),
                wish.followSize() ? Optional.empty() : Optional.of(size),
                host.map(HostStatus::cores).orElse(2),
                host.map(status -> status.diskTotalBytes() / 1024 / 1024).orElse(10_240L));
    }

    /** Agreed, with its history, in the transaction that makes the instance. */
    public void agree(
            Handle handle,
            String operationId,
            InstanceRow row,
            NewParameters wish,
            ParameterRequest request) {
        agree(handle, operationId, row, "create", wish.who(), wish.reason(), request);
    }

    /** The same for those that come with the data. */
    public void inherit(Handle handle, String operationId, InstanceRow row, Inherited from) {
        if (!from.set().equals(ParameterSet.NONE)) {
            agree(
                    handle,
                    operationId,
                    row,
                    "restore",
                    "toygres",
                    Optional.of("those of " + from.from()),
                    from.asRequest());
        }
    }

    private void agree(
            Handle handle,
            String operationId,
            InstanceRow row,
            String cause,
            String who,
            Optional<String> reason,
            ParameterRequest request) {
        Instant now = clock.instant();
        ParameterSet set = request.applyTo(ParameterSet.NONE, row.size());
        ParameterStore.agree(handle, row.id(), set, now);
        ParameterStore.add(
                handle,
                new ParameterChangeRow(
                        operationId,
                        row.id(),
                        ChangeState.Applied,
                        ApplyMode.Immediate,
                        Optional.empty(),
                        cause,
                        who,
                        reason,
                        request,
                        Optional.of(ParameterSet.NONE),
                        Optional.of(set),
                        now,
                        Optional.of(now),
                        Optional.empty(),
                        Optional.empty()));
    }
}
