-- Restores, and their rehearsals.

create table restore (
    operation_id  text primary key,
    -- Where to: a new instance, or the one whose data is replaced.
    instance_id   text not null,
    kind          text not null,
    repository_id text not null,
    backup_id     text,
    -- In words, as it was asked for.
    target        text not null,
    state         text not null,
    started_at    timestamptz not null,
    completed_at  timestamptz,
    -- What came of it.
    reached_at    timestamptz,
    end_lsn       text,
    timeline      int,
    bytes         bigint,
    fetch_ms      bigint,
    replay_ms     bigint,
    -- Of one in place: who holds the old data, and up to which history the instance went back.
    kept_by       text,
    trouble       text
);

create index restore_by_instance on restore (instance_id, started_at desc);

create table restore_drill (
    operation_id  text primary key,
    instance_id   text not null,
    repository_id text not null,
    backup_id     text,
    state         text not null,
    started_at    timestamptz not null,
    completed_at  timestamptz,
    -- From the request to the first query, and the age of the newest commit in it at the request.
    restore_ms    bigint,
    data_age_ms   bigint,
    bytes         bigint,
    corruption    text[] not null default '{}',
    checks        jsonb not null default '[]',
    trouble       text
);

create index restore_drill_by_instance on restore_drill (instance_id, started_at desc);

create table restore_drill_plan (
    instance_id     text primary key references instance on delete cascade,
    cron            text not null,
    time_zone       text not null,
    queries         text[] not null default '{}',
    goal_restore_ms bigint,
    goal_age_ms     bigint,
    looked_at       timestamptz not null
);
