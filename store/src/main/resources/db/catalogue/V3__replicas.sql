-- Replicas, who gates commits, and the failovers that were.

alter table member
    add column size             text,
    add column replication_mode text not null default 'Async',
    add column max_lag_bytes    bigint,
    add column promotable       boolean not null default true,
    add column priority         int not null default 50,
    -- What a flow says of it; what is observed of it is decided anew at each look.
    add column stage            text not null default 'Ready',
    add column trouble          text;

update member set size = (select size from instance where instance.id = member.instance_id);
alter table member alter column size set not null;

alter table instance
    add column durability text not null default 'strict',
    -- S1: the candidate of the open term; whoever is named here may have been told to promote.
    add column candidate  text,
    -- S7, S9: the list that surely is in force, and the one that may be, from before it is ordered.
    add column sync_names text[] not null default '{}',
    add column sync_next  text[],
    -- Members that the read-only endpoint was last told to balance over.
    add column readers    text[] not null default '{}';

create table failover (
    operation_id      text primary key,
    instance_id       text not null,
    state             text not null,
    cause             text not null,
    reason            text,
    started_at        timestamptz not null,
    completed_at      timestamptz,
    old_primary       text not null,
    new_primary       text not null,
    lag_at_start      bigint,
    data_loss_bytes   bigint,
    interruption_ms   bigint,
    proof             text
);

create index failover_by_instance on failover (instance_id, started_at desc);
