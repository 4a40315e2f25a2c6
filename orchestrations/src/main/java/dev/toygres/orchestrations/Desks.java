package dev.toygres.orchestrations;

import dev.toygres.durable.Flows;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.failover.FailoverDesk;
import dev.toygres.orchestrations.failover.FailoverFlows;
import dev.toygres.orchestrations.failover.FailoverSteps;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.instance.EndpointQuery;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.InstanceFlows;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.orchestrations.lease.LeaseSteps;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.leftover.LeftoverFlows;
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
        Flows flows,
        HostWatch watch) {

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
        return new Desks(
                instances,
                replicas,
                failovers,
                flows(catalogue, vault, agents, operations, query, seen, clock),
                watch);
    }

    private static Flows flows(
            Catalogue catalogue,
            Vault vault,
            Agents agents,
            Operations operations,
            EndpointQuery query,
            Observations seen,
            InstantSource clock) {
        Orders orders = new Orders(agents);
        Endpoints endpoints = new Endpoints(catalogue, vault, orders, clock);
        Upstreams upstreams = new Upstreams(vault);
        InstanceSteps instances =
                new InstanceSteps(catalogue, vault, orders, operations, endpoints, query);
        ReplicaSteps replicas =
                new ReplicaSteps(
                        catalogue,
                        orders,
                        agents,
                        endpoints,
                        upstreams,
                        new LeaseSteps(catalogue, orders, seen),
                        seen);
        FailoverSteps failovers =
                new FailoverSteps(
                        catalogue, orders, agents, endpoints, upstreams, replicas, seen, clock);
        Demolition demolition = new Demolition(catalogue, orders);
        Flows flows = InstanceFlows.all(instances, demolition);
        flows = ReplicaFlows.with(flows, replicas, demolition);
        flows = FailoverFlows.with(flows, failovers, demolition);
        return LeftoverFlows.with(flows, demolition);
    }
}
