-- Restores.

create table restore (
    operation_id  text primary key,
    -- Where to.
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
    trouble       text
);

create index restore_by_instance on restore (instance_id, started_at desc);
