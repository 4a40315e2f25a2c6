-- What an instance and its user have agreed on about Postgres parameters, and how that came about.

create table parameter_set (
    instance_id text primary key references instance (id) on delete cascade,
    version     bigint not null,
    -- {profile, values}
    agreed      jsonb not null,
    updated_at  timestamptz not null
);

create table parameter_change (
    -- That of the operation that carries it out.
    id              text primary key,
    instance_id     text not null references instance (id) on delete cascade,
    state           text not null,
    mode            text not null,
    apply_at        timestamptz,
    cause           text not null,
    who             text not null,
    reason          text,
    -- What was asked for, by name; null resets.
    requested       jsonb not null,
    -- {profile, values}: before is known when it begins, after when it is planned.
    before          jsonb,
    after           jsonb,
    created_at      timestamptz not null,
    completed_at    timestamptz,
    interruption_ms bigint,
    failure         text
);

create index parameter_change_by_instance on parameter_change (instance_id, created_at desc, id desc);
