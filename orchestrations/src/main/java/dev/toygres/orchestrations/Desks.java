package dev.toygres.orchestrations;

import dev.toygres.durable.Flows;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.alert.AlertWatch;
import dev.toygres.orchestrations.failover.AutomaticFailovers;
import dev.toygres.orchestrations.failover.EmergencySteps;
import dev.toygres.orchestrations.failover.FailoverDesk;
import dev.toygres.orchestrations.failover.FailoverFlows;
import dev.toygres.orchestrations.failover.FailoverSteps;
import dev.toygres.orchestrations.failover.FencingEvidence;
import dev.toygres.orchestrations.health.HealthDesk;
import dev.toygres.orchestrations.health.HealthWatch;
import dev.toygres.orchestrations.health.Sights;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.instance.EndpointQuery;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.InstanceFlows;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.leftover.LeftoverFlows;
import dev.toygres.orchestrations.parameter.ParameterDesk;
import dev.toygres.orchestrations.parameter.ParameterFlows;
import dev.toygres.orchestrations.parameter.ParameterSteps;
import dev.toygres.orchestrations.replica.ReplicaDesk;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import dev.toygres.orchestrations.replica.ReplicaSteps;
import dev.toygres.store.Catalogue;
import java.time.InstantSource;

/** Desks, flows and the watch, put together: the one place that knows who needs whom. */
public record Desks(
        InstanceDesk instances,
        ReplicaDesk replicas,
        FailoverDesk failovers,
        ParameterDesk parameters,
        Flows flows,
        HostWatch watch,
        AlertWatch alerts,
        HealthWatch health,
        HealthDesk monitors) {

    public static Desks of(
            Catalogue catalogue,
            Vault vault,
            Agents agents,
            Operations operations,
            EndpointQuery query,
            InstantSource clock) {
        Observations seen = new Observations();
        Lanes lanes = new Lanes(operations, clock);
        ReplicaDesk replicas = new ReplicaDesk(catalogue, lanes, seen);
        FailoverDesk failovers = new FailoverDesk(catalogue, lanes, replicas);
        InstanceDesk instances = new InstanceDesk(catalogue, lanes, vault, replicas, failovers);
        HostWatch watch =
                new HostWatch(
                        catalogue,
                        agents,
                        new DeskRecoveries(instances, lanes),
                        lanes,
                        seen,
                        clock);
        FencingEvidence evidence = FencingEvidence.NONE;
        Sights sights = new Sights(seen, evidence, clock);
        HealthWatch health =
                new HealthWatch(
                        catalogue,
                        agents,
                        operations,
                        lanes,
                        seen,
                        sights,
                        new AutomaticFailovers(catalogue, lanes));
        return new Desks(
                instances,
                replicas,
                failovers,
                new ParameterDesk(catalogue, lanes, operations, agents, seen, clock),
                flows(catalogue, vault, agents, operations, query, seen, evidence, clock),
                watch,
                new AlertWatch(catalogue, operations, seen, clock),
                health,
                new HealthDesk(catalogue, operations, lanes, seen, sights, clock));
    }

    private static Flows flows(
            Catalogue catalogue,
            Vault vault,
            Agents agents,
            Operations operations,
            EndpointQuery query,
            Observations seen,
            FencingEvidence evidence,
            InstantSource clock) {
        Orders orders = new Orders(agents);
        Endpoints endpoints = new Endpoints(catalogue, vault, orders, clock);
        Upstreams upstreams = new Upstreams(vault);
        InstanceSteps instances =
                new InstanceSteps(catalogue, vault, orders, operations, endpoints, query);
        ReplicaSteps replicas =
                new ReplicaSteps(catalogue, orders, agents, endpoints, upstreams, seen);
        EmergencySteps emergency =
                new EmergencySteps(
                        catalogue, orders, agents, endpoints, upstreams, evidence, clock);
        FailoverSteps failovers =
                new FailoverSteps(
                        catalogue, orders, agents, endpoints, upstreams, replicas, seen, clock);
        Demolition demolition = new Demolition(catalogue, orders);
        Flows flows = InstanceFlows.all(instances, demolition);
        flows = ReplicaFlows.with(flows, replicas, demolition);
        flows = FailoverFlows.with(flows, failovers, emergency, demolition);
        flows = LeftoverFlows.with(flows, demolition);
        ParameterSteps parameters =
                new ParameterSteps(catalogue, orders, agents, operations, endpoints, seen, clock);
        return ParameterFlows.with(flows, parameters);
    }
}
