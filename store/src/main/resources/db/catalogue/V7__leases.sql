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
    -- S4: whether a primary that is cut off from server and electors stops, or goes on.
    add column isolation_policy   text not null default 'Fence'
        check (isolation_policy in ('Fence', 'Serve'));

-- The one server that renews all leases; the right lapses by the catalogue's clock.
create table lease_keeper (
    the_only   boolean primary key default true check (the_only),
    owner      text not null,
    until      timestamptz not null,
    -- Another one with each change of owner.
    generation bigint not null default 1
);
