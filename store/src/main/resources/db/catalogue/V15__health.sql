-- Who watches an instance, how, and what was decided about it.

-- A server's right to watch: every server renews its own row, and no other row is written for that.
create table monitor_server (
    id          text primary key,
    lease_until timestamptz not null
);

-- One row per instance, kept so by every server's sweep. Frequent checks write nothing here.
create table health_monitor (
    instance_id  text primary key references instance on delete cascade,
    owner        text,
    -- null: what every instance has until somebody says otherwise
    config       jsonb,
    paused_until timestamptz,
    pause_reason text
);

create index health_monitor_by_owner on health_monitor (owner);

-- What was decided, also not to do: one row per change, outlives the instance, pruned.
create table health_decision (
    id          bigint generated always as identity primary key,
    instance_id text not null,
    at          timestamptz not null default now(),
    kind        text not null,
    why         text not null,
    evidence    jsonb not null,
    operation_id text
);

create index health_decision_of_instance on health_decision (instance_id, id desc);
