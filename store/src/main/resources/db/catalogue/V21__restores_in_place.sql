-- Of a restore over an instance: which member still has the data from before.
alter table restore add column kept_by text;

create index restore_kept on restore (instance_id) where kept_by is not null;

-- Rehearsals of restores. They outlive their instance, as its backups do.
create table restore_drill (
    operation_id   text primary key,
    instance_id    text not null,
    backup_id      text,
    state          text not null,
    started_at     timestamptz not null,
    completed_at   timestamptz,
    -- Up to when everything was in the archive when it began.
    restorable_to  timestamptz,
    -- From the request to the first query.
    restore_ms     bigint,
    -- Goals, if there were any.
    goal_time_ms   bigint,
    goal_age_ms    bigint,
    corruption     text[] not null default '{}',
    checks         jsonb not null default '[]',
    trouble        text
);

create index restore_drill_by_instance on restore_drill (instance_id, started_at desc);

-- When they are due, and what they look at.
create table restore_drill_plan (
    instance_id  text primary key references instance on delete cascade,
    cron         text not null,
    time_zone    text not null,
    queries      text[] not null default '{}',
    goal_time_ms bigint,
    goal_age_ms  bigint,
    -- Everything due up to then has been seen to: moved by compare-and-set, so one server fires.
    looked_at    timestamptz not null
);
