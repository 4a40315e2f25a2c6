-- Who may come in, what they did, and which answers they already got.

create table access_token (
    id           text primary key,
    name         text not null,
    role         text not null check (role in ('viewer', 'operator', 'admin')),
    -- SHA-256 of the value; the value itself is nowhere
    hash         bytea not null unique check (length(hash) = 32),
    created_at   timestamptz not null default now(),
    expires_at   timestamptz,
    last_used_at timestamptz
);

create table audit_entry (
    id           bigint generated always as identity primary key,
    at           timestamptz not null default now(),
    actor        text not null,
    role         text not null,
    action       text not null,
    instance_id  text,
    operation_id text,
    -- 'unfinished' until the outcome is known: a call whose end nobody saw stays so
    outcome      text not null,
    detail       text not null default '',
    source       text not null
);

create index audit_entry_of_instance on audit_entry (instance_id, id) where instance_id is not null;

create table idempotency_key (
    token_id     text not null,
    key          text not null,
    -- SHA-256 over method, path, query, If-Match and body
    fingerprint  bytea not null,
    -- whose claim it is: a slow claimant that was replaced cannot write its answer
    claim        uuid not null,
    claimed_at   timestamptz not null default now(),
    created_at   timestamptz not null default now(),
    status       int,
    content_type text,
    location     text,
    etag         text,
    -- null also where the answer held a secret
    body         bytea,
    primary key (token_id, key)
);

create index idempotency_key_by_age on idempotency_key (created_at);
