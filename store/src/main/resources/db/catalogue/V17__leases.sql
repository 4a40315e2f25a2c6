-- Who votes on a primary's lease, and which server renews.

alter table instance
    -- S4: members that may be promoted once a lease has run out. Always a part of every list that
    -- the primary may still be using: it grows there first, and shrinks here first.
    add column electorate         text[] not null default '{}',
    -- Numbers the lists that a primary was told; drawn before each is sent.
    add column electorate_version bigint not null default 0,
    -- The longest that any grant or voucher may be in use.
    add column lease_ttl_ms       bigint not null default 3000,
    -- S5: from now on no server renews the incumbent's lease, until the term is settled.
    add column lease_withheld     boolean not null default false,
    -- S4: whether a primary that is cut off from server and electors stops, or goes on. Nobody is promoted
    -- on an expiry yet, so a stop would buy nothing: it goes on, until that is there.
    add column isolation_policy   text not null default 'Serve'
        check (isolation_policy in ('Fence', 'Serve'));

-- The one server that renews all leases; the right lapses by the catalogue's clock.
create table lease_keeper (
    the_only   boolean primary key default true check (the_only),
    owner      text not null,
    until      timestamptz not null,
    -- Another one with each change of owner.
    generation bigint not null default 1
);

-- S4: whoever is cloned anew, moves to another host or goes can no longer be promoted by an expiry, before
-- anything is ordered: the agent that its primary still asks for vouchers may be another one than the one that
-- would be asked to cease. Here, so that no flow can forget it.
create function member_leaves_electorate() returns trigger language plpgsql as $$
begin
    update catalogue.instance set electorate = array_remove(electorate, old.id)
    where id = old.instance_id and old.id = any(electorate);
    return null;
end $$;

create trigger member_moves_away after update on member
    for each row when (old.host_id <> new.host_id or new.stage not in ('Ready', 'Promoting'))
    execute function member_leaves_electorate();

create trigger member_goes after delete on member
    for each row execute function member_leaves_electorate();

-- S12: a primary that is restored over forgets its electors, and needs no lease until it is told of them anew.
create function restored_has_no_electorate() returns trigger language plpgsql as $$
begin
    new.electorate := '{}';
    return new;
end $$;

create trigger instance_is_restored before update on instance
    for each row when (new.state = 'Restoring') execute function restored_has_no_electorate();
