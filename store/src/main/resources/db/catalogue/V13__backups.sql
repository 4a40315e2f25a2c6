-- Backups: where they go, what is there, when the next are due. None of it goes with the instance.

-- One place in a store for the backups and the WAL of one cluster, from its first backup on.
create table repository (
    id                text primary key,
    instance_id       text not null,
    -- Whether the instance archives there now; at most one of an instance does.
    attached          boolean not null default false,
    storage_kind      text not null,
    -- Path, bucket or container; no secret is in here, only names of secrets.
    storage_root      text not null,
    storage_prefix    text not null default '',
    storage_region    text,
    storage_endpoint  text,
    storage_secret    text,
    storage_authority text,
    -- The same storage, written in one way only: no two repositories are in one place.
    place             text not null unique,
    encryption_secret text,
    compression       text not null,
    daily_days        int not null,
    weekly_weeks      int not null,
    monthly_months    int not null,
    time_zone         text not null,
    postgres_major    int not null,
    system_identifier text not null,
    owner             text not null,
    database          text not null,
    -- What the last look into the store found.
    timeline          int not null default 1,
    histories         jsonb not null default '{}',
    wal               jsonb not null default '[]',
    bad_wal           text[] not null default '{}',
    looked_at         timestamptz,
    -- WAL is kept whole since the end of this backup.
    wal_from          text,
    created_at        timestamptz not null default now()
);

create unique index repository_attached on repository (instance_id) where attached;
create index repository_by_instance on repository (instance_id);

create table backup (
    id             text primary key,
    repository_id  text not null references repository,
    instance_id    text not null,
    kind           text not null,
    state          text not null,
    -- What the user calls it, and what the engine does.
    label          text,
    engine_label   text,
    based_on       text,
    databases      text[] not null default '{}',
    schema_only    boolean not null default false,
    cause          text not null,
    operation_id   text,
    source_member  text,
    started_at     timestamptz not null,
    stopped_at     timestamptz,
    timeline       int,
    start_lsn      text,
    stop_lsn       text,
    -- Of the files in the backup, and of what it takes in the store.
    size_bytes     bigint,
    stored_bytes   bigint,
    pinned         boolean not null default false,
    verified_at    timestamptz,
    trouble        text
);

create index backup_by_instance on backup (instance_id, started_at desc);
create index backup_by_repository on backup (repository_id, started_at desc);

-- At this time the primary had written up to there: which position belongs to which time.
create table wal_sample (
    repository_id text not null references repository on delete cascade,
    timeline      int not null,
    position      text not null,
    at            timestamptz not null,
    primary key (repository_id, at)
);

create table restore_point (
    repository_id text not null references repository on delete cascade,
    name          text not null,
    timeline      int not null,
    position      text not null,
    made_at       timestamptz not null,
    primary key (repository_id, name)
);

create table backup_schedule (
    instance_id      text primary key references instance on delete cascade,
    full_cron        text not null,
    incremental_cron text,
    time_zone        text not null,
    paused           boolean not null default false,
    -- Everything due up to then has been seen to: moved by compare-and-set, so one server fires.
    looked_at        timestamptz not null,
    last_operation   text
);

alter table secret add column updated_at timestamptz not null default now();
