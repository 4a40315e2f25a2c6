package dev.toygres.orchestrations;

import dev.toygres.agentapi.lease.BootClock;
import dev.toygres.durable.Flows;
import dev.toygres.durable.Operations;
import dev.toygres.orchestrations.alert.AlertWatch;
import dev.toygres.orchestrations.backup.Archiving;
import dev.toygres.orchestrations.backup.BackupDesk;
import dev.toygres.orchestrations.backup.BackupFlows;
import dev.toygres.orchestrations.backup.BackupSteps;
import dev.toygres.orchestrations.backup.BackupWatch;
import dev.toygres.orchestrations.backup.ConfigureSteps;
import dev.toygres.orchestrations.backup.Departure;
import dev.toygres.orchestrations.backup.Expiry;
import dev.toygres.orchestrations.backup.ImportBackups;
import dev.toygres.orchestrations.backup.LookIntoStore;
import dev.toygres.orchestrations.backup.PointSteps;
import dev.toygres.orchestrations.backup.Repositories;
import dev.toygres.orchestrations.backup.Soundness;
import dev.toygres.orchestrations.backup.StoreLook;
import dev.toygres.orchestrations.drill.DrillDesk;
import dev.toygres.orchestrations.drill.DrillFlows;
import dev.toygres.orchestrations.drill.DrillSteps;
import dev.toygres.orchestrations.drill.DrillWatch;
import dev.toygres.orchestrations.endpoint.EndpointFlows;
import dev.toygres.orchestrations.endpoint.EndpointSteps;
import dev.toygres.orchestrations.endpoint.Takeover;
import dev.toygres.orchestrations.failover.AutomaticFailovers;
import dev.toygres.orchestrations.failover.EmergencySteps;
import dev.toygres.orchestrations.failover.FailoverDesk;
import dev.toygres.orchestrations.failover.FailoverFlows;
import dev.toygres.orchestrations.failover.FailoverSteps;
import dev.toygres.orchestrations.failover.FencingEvidence;
import dev.toygres.orchestrations.failover.SilentMembers;
import dev.toygres.orchestrations.health.HealthDesk;
import dev.toygres.orchestrations.health.HealthWatch;
import dev.toygres.orchestrations.health.Sights;
import dev.toygres.orchestrations.host.HostWatch;
import dev.toygres.orchestrations.host.Observations;
import dev.toygres.orchestrations.host.OlderCatalogue;
import dev.toygres.orchestrations.host.Standing;
import dev.toygres.orchestrations.host.TermGuard;
import dev.toygres.orchestrations.instance.EndpointQuery;
import dev.toygres.orchestrations.instance.Endpoints;
import dev.toygres.orchestrations.instance.InstanceDesk;
import dev.toygres.orchestrations.instance.InstanceFlows;
import dev.toygres.orchestrations.instance.InstanceSteps;
import dev.toygres.orchestrations.instance.Upstreams;
import dev.toygres.orchestrations.instance.Vault;
import dev.toygres.orchestrations.lease.LeaseEvidence;
import dev.toygres.orchestrations.lease.LeaseKeeper;
import dev.toygres.orchestrations.lease.LeaseSteps;
import dev.toygres.orchestrations.leftover.Demolition;
import dev.toygres.orchestrations.leftover.LeftoverFlows;
import dev.toygres.orchestrations.parameter.ChangeAccount;
import dev.toygres.orchestrations.parameter.ClientPause;
import dev.toygres.orchestrations.parameter.FirstParameters;
import dev.toygres.orchestrations.parameter.ParameterDesk;
import dev.toygres.orchestrations.parameter.ParameterFlows;
import dev.toygres.orchestrations.parameter.ParameterSteps;
import dev.toygres.orchestrations.parameter.PendingChanges;
import dev.toygres.orchestrations.replica.ReplicaDesk;
import dev.toygres.orchestrations.replica.ReplicaFlows;
import dev.toygres.orchestrations.replica.ReplicaSteps;
import dev.toygres.orchestrations.restore.InPlaceSteps;
import dev.toygres.orchestrations.restore.RestoreDesk;
import dev.toygres.orchestrations.restore.RestoreFlows;
import dev.toygres.orchestrations.restore.RestoreSteps;
import dev.toygres.orchestrations.secret.SecretDesk;
import dev.toygres.store.Catalogue;
import java.time.InstantSource;

/** Desks, flows and the watch, put together: the one place that knows who needs whom. */
public record Desks(
        InstanceDesk instances,
        ReplicaDesk replicas,
        FailoverDesk failovers,
        ParameterDesk parameters,
        BackupDesk backups,
        RestoreDesk restores,
        DrillDesk drills,
        SecretDesk secrets,
        Flows flows,
        HostWatch watch,
        AlertWatch alerts,
        BackupWatch backupWatch,
        DrillWatch drillWatch,
        HealthWatch health,
        HealthDesk monitors,
        LeaseKeeper leases,
        Standing standing) {

    public static Desks of(
            Catalogue catalogue,
            Vault vault,
            Agents agents,
            Operations operations,
            EndpointQuery query,
            InstantSource clock) {
        Observations seen = new Observations();
        Standing standing = new Standing(catalogue, seen, clock);
        Lanes lanes = new Lanes(operations, clock);
        ReplicaDesk replicas = new ReplicaDesk(catalogue, lanes, seen);
        FailoverDesk failovers = new FailoverDesk(catalogue, lanes, replicas, agents, clock);
        InstanceDesk instances =
                new InstanceDesk(
                        catalogue,
                        lanes,
                        vault,
                        replicas,
                        failovers,
                        new FirstParameters(catalogue, agents, clock),
                        seen);
        PendingChanges pending = new PendingChanges(catalogue, lanes, agents, clock);
        OlderCatalogue older = new OlderCatalogue(catalogue, agents, lanes, seen);
        HostWatch watch =
                new HostWatch(
                        catalogue,
                        agents,
                        new DeskRecoveries(instances, lanes),
                        lanes,
                        seen,
                        standing,
                        older,
                        pending,
                        clock);
        Parts parts = Parts.of(catalogue, vault, agents, lanes, clock);
        LeaseKeeper keeper = new LeaseKeeper(catalogue, agents, standing, BootClock.system());
        FencingEvidence evidence =
                new LeaseEvidence(catalogue, agents, keeper, seen, BootClock.system(), clock);
        Sights sights = new Sights(seen, evidence, clock);
        AutomaticFailovers automatic = new AutomaticFailovers(catalogue, lanes);
        HealthWatch health =
                new HealthWatch(
                        catalogue,
                        agents,
                        operations,
                        lanes,
                        standing,
                        seen,
                        sights,
                        automatic,
                        new SilentMembers(operations, seen),
                        older);
        DrillDesk drills = new DrillDesk(catalogue, lanes, clock);
        return new Desks(
                instances,
                replicas,
                failovers,
                new ParameterDesk(catalogue, lanes, operations, agents, seen, pending, clock),
                parts.backups(),
                new RestoreDesk(catalogue, lanes, instances, clock),
                drills,
                vault.users(),
                flows(
                        catalogue,
                        vault,
                        agents,
                        operations,
                        query,
                        seen,
                        parts,
                        evidence,
                        automatic,
                        clock),
                watch,
                new AlertWatch(catalogue, operations, seen, clock),
                new BackupWatch(catalogue, parts.backups(), vault.users(), seen, clock),
                new DrillWatch(catalogue, drills, clock),
                health,
                new HealthDesk(catalogue, operations, lanes, seen, sights, clock),
                keeper,
                standing);
    }

    /** What the flows of backups and of others have in common. */
    private record Parts(
            Orders orders,
            Endpoints endpoints,
            Repositories repositories,
            StoreLook stores,
            Soundness soundness,
            Expiry expiry,
            Archiving archiving,
            BackupDesk backups) {
        static Parts of(
                Catalogue catalogue, Vault vault, Agents agents, Lanes lanes, InstantSource clock) {
            Orders orders = new Orders(agents);
            Repositories repositories = new Repositories(vault.users());
            StoreLook stores = new StoreLook(catalogue, orders, repositories);
            Expiry expiry = new Expiry(catalogue, orders, repositories, stores, clock);
            return new Parts(
                    orders,
                    new Endpoints(catalogue, vault, orders, clock),
                    repositories,
                    stores,
                    new Soundness(catalogue, orders, repositories, stores, clock),
                    expiry,
                    new Archiving(catalogue, orders, repositories),
                    new BackupDesk(catalogue, lanes, vault.users(), expiry, clock));
        }
    }

    private static Flows flows(
            Catalogue catalogue,
            Vault vault,
            Agents agents,
            Operations operations,
            EndpointQuery query,
            Observations seen,
            Parts parts,
            FencingEvidence evidence,
            AutomaticFailovers automatic,
            InstantSource clock) {
        Orders orders = parts.orders();
        Endpoints endpoints = parts.endpoints();
        Upstreams upstreams = new Upstreams(vault);
        TermGuard terms = new TermGuard(catalogue, agents, seen);
        InstanceSteps instances =
                new InstanceSteps(
                        catalogue, vault, orders, operations, endpoints, query, terms, seen);
        LeaseSteps leases = new LeaseSteps(catalogue, orders, seen);
        ReplicaSteps replicas =
                new ReplicaSteps(
                        catalogue,
                        orders,
                        agents,
                        endpoints,
                        upstreams,
                        leases,
                        seen,
                        parts.archiving());
        EmergencySteps emergency =
                new EmergencySteps(
                        catalogue, orders, agents, endpoints, upstreams, evidence, leases, seen,
                        clock);
        FailoverSteps failovers =
                new FailoverSteps(
                        catalogue, orders, agents, endpoints, upstreams, replicas, seen, terms,
                        clock);
        Demolition demolition = new Demolition(catalogue, orders);
        Departure departure =
                new Departure(
                        catalogue, orders, operations, parts.repositories(), parts.stores(), clock);
        EndpointSteps addresses = new EndpointSteps(catalogue, agents, endpoints, seen);
        Takeover takeover = new Takeover(addresses, demolition);
        Flows flows = InstanceFlows.all(instances, demolition, departure, takeover);
        flows = EndpointFlows.with(flows, addresses, demolition);
        flows = ReplicaFlows.with(flows, replicas, demolition);
        flows = FailoverFlows.with(flows, failovers, emergency, automatic, demolition, takeover);
        flows = LeftoverFlows.with(flows, demolition);
        ChangeAccount changes = new ChangeAccount(catalogue, operations, clock);
        flows =
                ParameterFlows.with(
                        flows,
                        new ParameterSteps(catalogue, orders, agents, changes, seen),
                        changes,
                        new ClientPause(catalogue, orders, endpoints, clock));
        flows = DrillFlows.with(flows, new DrillSteps(catalogue, orders, clock));
        return RestoreFlows.with(
                backups(catalogue, agents, seen, parts, clock, flows),
                new RestoreSteps(
                        catalogue,
                        orders,
                        parts.repositories(),
                        parts.stores(),
                        endpoints,
                        vault,
                        clock),
                new InPlaceSteps(
                        catalogue,
                        orders,
                        operations,
                        endpoints,
                        parts.archiving(),
                        parts.backups(),
                        terms,
                        clock),
                instances,
                demolition);
    }

    private static Flows backups(
            Catalogue catalogue,
            Agents agents,
            Observations seen,
            Parts parts,
            InstantSource clock,
            Flows flows) {
        ConfigureSteps configure =
                new ConfigureSteps(
                        catalogue, parts.orders(), parts.repositories(), parts.archiving(), clock);
        return BackupFlows.with(
                flows,
                configure,
                new BackupSteps(
                        catalogue,
                        parts.orders(),
                        agents,
                        seen,
                        parts.repositories(),
                        parts.stores(),
                        parts.soundness(),
                        clock),
                parts.expiry(),
                new PointSteps(
                        catalogue, parts.orders(), parts.repositories(), parts.stores(), clock),
                new ImportBackups(catalogue, parts.stores(), parts.soundness(), configure),
                new LookIntoStore(parts.stores()));
    }
}
